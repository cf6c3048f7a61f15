import { nearestRow } from "../../models/scopes/nearest-row.ts";
import type { Variant } from "./variant.ts";

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
  return nearestRow(keys, query, variant === "official" ? "first" : "last");
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
