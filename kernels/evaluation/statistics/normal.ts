const SQRT_2PI = Math.sqrt(2 * Math.PI);
/** Beyond this many standard deviations the series loses relative precision in the tail. */
const TAIL = 3;

/** Density of the standard normal distribution. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / SQRT_2PI;

/**
 * P(X <= x) of the standard normal distribution; absolute error below 1e-14, relative error in the tails below 1e-12.
 *
 * Source: Marsaglia 2004, "Evaluating the normal distribution" (series); Abramowitz and Stegun 26.2.14 (continued fraction beyond 3).
 * Example: normalCdf(1.959963984540054) is 0.975
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > TAIL) return 1 - upperTail(x);
  if (x < -TAIL) return upperTail(-x);
  let [term, sum] = [x, x];
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/**
 * The x with normalCdf(x) = p; -Infinity for 0 and Infinity for 1.
 *
 * Source: Abramowitz and Stegun 26.2.23 as the start, then Halley steps on `normalCdf`.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0)) return p === 0 ? -Infinity : NaN;
  if (p > 0.5) return p <= 1 ? -normalQuantile(1 - p) : NaN;
  const t = Math.sqrt(-2 * Math.log(p));
  const start =
    (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  let x = start - t;
  for (let step = 0; step < 4; step++) {
    const density = normalDensity(x);
    if (density === 0) break;
    const off = (normalCdf(x) - p) / density;
    x -= off / (1 + (x * off) / 2);
  }
  return x;
}

/** The factor of a two-sided interval at `level`: 1.96 for 0.95. */
export const twoSidedZ = (level: number): number => normalQuantile(1 - (1 - level) / 2);

function upperTail(x: number): number {
  if (x === Infinity) return 0;
  let fraction = x;
  for (let k = 120; k >= 1; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
