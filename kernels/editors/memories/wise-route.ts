import type { Variant } from "./variant.ts";

/** One side memory as the router sees it: its activation distance for the query, and the smallest one of its edits. */
export interface WiseCandidate {
  distance: number;
  minActivation: number;
}

/** Which weight answers a query: the model's own, the copy being edited, a shard by its index, or the merge of all. */
export type WiseAnswerer = "original" | "current" | "merged" | { shard: number };

export interface WiseDecision {
  to: WiseAnswerer;
  /** Whether anything but the model's own weight answers. */
  fires: boolean;
  /** Distance and threshold of what answers; where nothing fires, of the candidate that came nearest to its threshold. */
  distance: number;
  threshold: number;
}

/**
 * Chooses the weight for a query where shards are kept: the largest distance among the memories whose distance reaches `ratio` times the
 * smallest activation of their own edits.
 *
 * Units: ratio in (0, 1], 0.88 for text models of 7B, 0.4 for published vision-language set-ups.
 * `official`: a shard must also have a larger distance than the copy being edited, even where that copy is below its own threshold, and
 * must exceed its threshold instead of reaching it.
 * Source: WISE (Wang et al., NeurIPS 2024), section 2.3; adapter of EasyEdit, retrieve mode.
 */
export function wiseRoute(
  current: WiseCandidate,
  shards: readonly WiseCandidate[],
  ratio: number,
  variant: Variant = "corrected",
): WiseDecision {
  const all = [
    { to: "current" as WiseAnswerer, ...scored(current, ratio) },
    ...shards.map((shard, i) => ({ to: { shard: i } as WiseAnswerer, ...scored(shard, ratio) })),
  ];
  const open = all.filter(({ to, distance, threshold }) =>
    variant === "official" && to !== "current"
      ? distance > threshold && distance > current.distance
      : distance >= threshold,
  );
  if (open.length === 0) return refused(all);
  return { fires: true, ...open.reduce((best, each) => (each.distance > best.distance ? each : best)) };
}

/**
 * Chooses where all shards were merged into one weight: nothing fires while both distances are below `ratio` times the smallest
 * activation, otherwise the larger distance answers, and the copy being edited where they are equal.
 * Source: adapter of EasyEdit, merge mode.
 */
export function wiseRouteMerged(
  distances: { current: number; merged: number },
  minActivation: number,
  ratio: number,
): WiseDecision {
  const candidate = (to: WiseAnswerer, distance: number) => ({ to, ...scored({ distance, minActivation }, ratio) });
  const [current, merged] = [candidate("current", distances.current), candidate("merged", distances.merged)];
  const best = merged.distance > current.distance ? merged : current;
  return best.distance < best.threshold ? refused([current, merged]) : { fires: true, ...best };
}

const scored = ({ distance, minActivation }: WiseCandidate, ratio: number) => {
  return { distance, threshold: ratio * minActivation };
};

function refused(all: readonly { distance: number; threshold: number }[]): WiseDecision {
  const gap = ({ distance, threshold }: { distance: number; threshold: number }) => threshold - distance;
  const { distance, threshold } = all.reduce((best, each) => (gap(each) < gap(best) ? each : best));
  return { to: "original", fires: false, distance, threshold };
}
