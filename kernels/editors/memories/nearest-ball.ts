import { UserFacingError } from "../../errors.ts";
import type { Variant } from "./variant.ts";

/** Cause: a query and the keys of a memory have different widths. Handled by: the caller, who uses the model that the memory was made on. */
export class KeyWidthError extends UserFacingError {}

/** What a memory says about a query: its nearest entry, and whether that entry answers. */
export interface Nearest {
  entry: number;
  /** Euclidean distance from the query to the entry's key. */
  distance: number;
  /** Deferral radius of that entry. */
  radius: number;
  /** distance <= radius. */
  fires: boolean;
}

/** Euclidean distance of two vectors of one length, summed in double precision. */
export function euclidean(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new KeyWidthError(
      `A query of ${b.length} numbers was compared with a key of ${a.length}. Use the memory with the model and site it was made on.`,
    );
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return Math.sqrt(sum);
}

/**
 * Index of the key nearest to a query, and its Euclidean distance. Undefined where there are no keys.
 *
 * Shapes: keys [n][width], query [width].
 * Ties:   `official` takes the first of equally near keys, as an arg-min does; `corrected` the last, so that of two edits of one and the
 *         same key the later is in force.
 * Throws: KeyWidthError where the widths differ.
 */
export function nearestKey(
  keys: readonly ArrayLike<number>[],
  query: ArrayLike<number>,
  variant: Variant = "corrected",
): { entry: number; distance: number } | undefined {
  let [entry, distance] = [-1, Infinity];
  keys.forEach((key, i) => {
    const d = euclidean(key, query);
    if (entry >= 0 && (variant === "official" ? d >= distance : d > distance)) return;
    [entry, distance] = [i, d];
  });
  return entry < 0 ? undefined : { entry, distance };
}

/** The nearest key, and whether its ball holds the query. It alone decides, however wide the balls of other keys are. Radii: [n]. */
export function nearestBall(
  keys: readonly ArrayLike<number>[],
  radii: readonly number[],
  query: ArrayLike<number>,
  variant: Variant = "corrected",
): Nearest | undefined {
  const nearest = nearestKey(keys, query, variant);
  if (!nearest) return undefined;
  const radius = radii[nearest.entry];
  return { ...nearest, radius, fires: nearest.distance <= radius };
}
