import { EmptySetError } from "../empty-set-error.ts";
import { twoSidedZ } from "./normal.ts";

/**
 * Wilson score interval of a proportion of independent outcomes.
 *
 * Units: fractions in [0, 1].
 * Throws: EmptySetError for n = 0; RangeError for counts that are no counts.
 * Source: Wilson 1927; Brown, Cai and DasGupta 2001, section 3.1.1 (without continuity correction).
 * Example: wilsonInterval(44, 176) is about [0.1918, 0.3189]
 */
export function wilsonInterval(successes: number, n: number, { level = 0.95 } = {}): [number, number] {
  if (n === 0) throw new EmptySetError("Wilson interval: n is 0. Evaluate at least one case that has such a probe.");
  if (!(Number.isInteger(n) && Number.isInteger(successes) && successes >= 0 && successes <= n))
    throw new RangeError(`internal: Wilson interval of ${successes} out of ${n}`);
  const z2 = twoSidedZ(level) ** 2;
  const share = successes / n;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Math.sqrt(z2) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  // At the ends the formula gives 0 and 1 but for rounding.
  return [successes === 0 ? 0 : centre - half, successes === n ? 1 : centre + half];
}
