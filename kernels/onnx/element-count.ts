/** Number of values in a tensor of these sizes; undefined when it exceeds what any address space holds, or a size is negative. */
export function elementCount(dims: readonly bigint[]): number | undefined {
  if (dims.some((dim) => dim < 0n)) return undefined;
  if (dims.includes(0n)) return 0;
  let count = 1n;
  for (const dim of dims) {
    count *= dim;
    // At once: the product of a million sizes is a number that takes minutes to compute.
    if (count > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  }
  return Number(count);
}
