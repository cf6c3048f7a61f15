/** Number of values in a tensor of these sizes; undefined when it exceeds what any address space holds, or a size is negative. */
export function elementCount(dims: readonly bigint[]): number | undefined {
  let count = 1n;
  for (const dim of dims) {
    if (dim < 0n) return undefined;
    count *= dim;
  }
  return count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : undefined;
}
