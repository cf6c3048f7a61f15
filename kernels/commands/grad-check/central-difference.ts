import { FINEST } from "./exact-grid.ts";

/** Exponent of the coarsest step, for smooth functions and for those with kinks. */
const COARSEST = { smooth: 3, kinked: 10 };

/** A slope and how far it can be trusted. */
export interface Slope {
  value: number;
  /** Half the range of neighbouring estimates, relative to the value. */
  uncertainty: number;
  /** The step, relative to the size of the values. */
  step: number;
}

/** Number of neighbouring estimates that make a plateau. */
const WIDTH = 5;

/**
 * The derivative at 0 of a function that is computed with rounding errors.
 *
 * Central differences at steps 2^-3 to 2^-16, each also extrapolated to step 0 (Richardson). Large steps suffer from curvature, small
 * ones from rounding; between them lies a plateau. The flattest run of neighbouring estimates is taken and its median is the result.
 * The analytic derivative plays no part in the choice.
 *
 * Kinks (Relu, Clip) spoil extrapolation, and over large steps their errors change so slowly that they look like a plateau: such
 * functions are differenced over small steps alone.
 */
export async function slopeAtZero(difference: (step: number) => Promise<number>, kinked: boolean): Promise<Slope> {
  const plain: Estimate[] = [];
  for (let k = COARSEST[kinked ? "kinked" : "smooth"]; k <= FINEST; k++) {
    const step = 2 ** -k;
    plain.push({ value: (await difference(step)) / (2 * step), step });
  }
  const extrapolated = plain.slice(1).map(({ value, step }, i) => ({ value: (4 * value - plain[i].value) / 3, step }));
  if (kinked) return plateau(plain);
  const [a, b] = [plateau(plain), plateau(extrapolated)];
  return a.uncertainty <= b.uncertainty ? a : b;
}

interface Estimate {
  value: number;
  step: number;
}

function plateau(estimates: readonly Estimate[]): Slope {
  let best: Slope = { value: NaN, uncertainty: Infinity, step: NaN };
  for (let i = 0; i + WIDTH <= estimates.length; i++) {
    const run = estimates.slice(i, i + WIDTH).sort((a, b) => a.value - b.value);
    const { value, step } = run[(WIDTH - 1) / 2];
    const range = run[WIDTH - 1].value - run[0].value;
    // Steps that rounding swallows give zeros that agree perfectly.
    const swallowed = value === 0 && estimates.some((estimate) => estimate.value !== 0);
    const uncertainty = swallowed ? Infinity : range === 0 ? 0 : range / 2 / Math.abs(value);
    if (uncertainty < best.uncertainty) best = { value, uncertainty, step };
  }
  return best;
}
