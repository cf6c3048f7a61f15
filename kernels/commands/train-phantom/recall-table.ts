import { bootstrapMean } from "../../evaluation/statistics/bootstrap.ts";
import { RETRIEVAL_GROUPS } from "../../models/phantom/retrieval/exam/found.ts";
import type { Found, RetrievalGroup } from "../../models/phantom/retrieval/exam/found.ts";
import { markdownTable } from "../../evaluation/tables/markdown-table.ts";

const DEPTHS = [1, 5] as const;

export interface RecallRow {
  what: string;
  candidates: number;
  /** Share of look-ups with a right candidate among the first k, and its 95% bootstrap interval over things or scenes. */
  recall: { k: number; share: number; interval: [number, number]; chance: number }[];
  n: number;
}

/** One row for every group; depths that all candidates fit into are left out. */
export function recallTable(found: readonly Found[]): RecallRow[] {
  return (Object.keys(RETRIEVAL_GROUPS) as RetrievalGroup[]).flatMap((group) => {
    const of = found.filter((each) => each.group === group);
    if (of.length === 0) return [];
    // Galleries of one group are equally large, but for what could not be divided evenly.
    const candidates = Math.min(...of.map((each) => each.candidates));
    const recall = DEPTHS.filter((k) => k < candidates).map((k) => {
      const clusters = new Map<string, number[]>();
      for (const { cluster, rank } of of) clusters.set(cluster, [...(clusters.get(cluster) ?? []), rank < k ? 1 : 0]);
      const hits = of.filter(({ rank }) => rank < k).length;
      return { k, share: hits / of.length, interval: bootstrapMean([...clusters.values()]), chance: k / candidates };
    });
    return [{ what: RETRIEVAL_GROUPS[group], candidates, recall, n: of.length }];
  });
}

export const RECALL_HEAD = ["what", "among", ...DEPTHS.flatMap((k) => [`recall@${k}`, "95% interval", "chance"]), "n"];

export const recallCells = ({ what, candidates, recall, n }: RecallRow): string[] => [
  what,
  String(candidates),
  ...DEPTHS.flatMap((depth) => {
    const at = recall.find(({ k }) => k === depth);
    if (!at) return ["", "", ""];
    return [at.share.toFixed(3), at.interval.map((end) => end.toFixed(3)).join(" to "), at.chance.toFixed(3)];
  }),
  String(n),
];

/** As a Markdown table. */
export const recallMarkdown = (rows: readonly RecallRow[]): string => markdownTable(RECALL_HEAD, rows.map(recallCells));
