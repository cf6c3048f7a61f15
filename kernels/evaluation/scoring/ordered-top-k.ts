import { meanOf } from "./masked-accuracy.ts";

/** The best ids of every position, best first. [positions][k] */
export type TopIds = readonly (readonly number[])[];

/**
 * Share of rank slots that hold the same id before and after: slot r of a position counts when both have the same id at rank r.
 *
 * Order matters: two ids that swap ranks lose two slots, and a lost rank 1 shifts and loses all of them. Units: fraction in [0, 1].
 * Shapes: both [positions][k] with equal positions; k is the length of the rows. Throws: EmptySetError without positions.
 * Source: locality of VLKEB and EasyEdit (k = 1 for text, 10 for images).
 * Example: [[1, 2, 3, 4, 5]] and [[2, 1, 3, 4, 5]] give 0.6
 */
export function orderedTopK(before: TopIds, after: TopIds): number {
  requireEqualLengths(before, after);
  const slots = before.flatMap((ids, i) => ids.map((id, rank) => Number(id === after[i][rank])));
  return meanOf(slots, "top-k agreement");
}

/**
 * Share of the k best ids that are among the k best before and after, whatever their order; mean over positions.
 *
 * Units: fraction in [0, 1]. Shapes: as for `orderedTopK`. Throws: EmptySetError without positions. Source: profile `loc-overlap10`.
 */
export function topKOverlap(before: TopIds, after: TopIds): number {
  requireEqualLengths(before, after);
  const shares = before.map((ids, i) => ids.filter((id) => after[i].includes(id)).length / ids.length);
  return meanOf(shares, "top-k overlap");
}

/** The last positions of both, as many as the shorter one has. Source: EasyEdit, locality of inputs of unequal length. */
export function rightAligned<T>(before: readonly T[], after: readonly T[]): [T[], T[]] {
  const n = Math.min(before.length, after.length);
  return [before.slice(before.length - n), after.slice(after.length - n)];
}

function requireEqualLengths(before: TopIds, after: TopIds): void {
  if (before.length !== after.length)
    throw new Error(`internal: ${before.length} positions before the edit and ${after.length} after it`);
}
