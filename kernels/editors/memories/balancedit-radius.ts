/**
 * Radius of a BalancEdit entry, from how far its key is from that of a prompt that it shall answer and of one that it shall not.
 *
 * radius = (1 - balance) * negative + balance * positive. `positive`: distance to the paraphrase about the same image; `negative`: distance
 * to the same question about a black image (Euclidean, in the keys' space). `balance`: share of the positive distance, default 0.2, in
 * [0, 1]. Where the paraphrase is farther than the black image, the radius lies between the two all the same.
 * Source: BalancEdit (Guo et al., 2025); formula and default from a re-use of the method, not from its own release.
 */
export const balancEditRadius = (distances: { positive: number; negative: number }, balance = 0.2): number =>
  (1 - balance) * distances.negative + balance * distances.positive;

/** Whether an entry answers for a query at this distance: the boundary belongs to it. */
export const balancEditFires = (distance: number, radius: number): boolean => distance <= radius;
