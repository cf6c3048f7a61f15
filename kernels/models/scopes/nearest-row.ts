import { UserFacingError } from "../../errors.ts";

/** Cause: a query and the keys of a memory have different widths. Handled by: the caller, who uses the model that the memory was made on. */
export class KeyWidthError extends UserFacingError {}

/** Euclidean distance of two vectors of one length, summed in double precision. Throws: KeyWidthError. */
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
 * Index of the row nearest to a query (Euclidean), and its distance; of equally near ones the first or the last. Undefined where there are none.
 *
 * Shapes: rows [n][width], query [width]. Throws: KeyWidthError.
 */
export function nearestRow(
  rows: readonly ArrayLike<number>[],
  query: ArrayLike<number>,
  ties: "first" | "last",
): { entry: number; distance: number } | undefined {
  let [entry, distance] = [0, Infinity];
  rows.forEach((row, i) => {
    const found = euclidean(row, query);
    if (ties === "last" ? found <= distance : found < distance) [entry, distance] = [i, found];
  });
  return rows.length ? { entry, distance } : undefined;
}
