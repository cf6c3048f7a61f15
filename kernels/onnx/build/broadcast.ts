import { ShapeError, showDims } from "./value.ts";
import type { Dim } from "./value.ts";

/**
 * Shape of an element-wise operation: axes are aligned at the end, and a size of 1 is repeated.
 *
 * Throws: ShapeError, naming `where`, when two sizes differ and neither is 1.
 */
export function broadcast(a: readonly Dim[], b: readonly Dim[], where: string): Dim[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [left, right] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new ShapeError(
      `${where}: shapes ${showDims(a)} and ${showDims(b)} do not fit (${left} against ${right}). Reshape one of them; only sizes of 1 are repeated.`,
    );
  });
}
