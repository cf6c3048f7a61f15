import type { Ladder } from "./exact-grid.ts";

/**
 * Smooth functions may take steps of several times the values: in a model with small random weights, attention hardly depends on its
 * queries, and smaller steps drown in rounding. Kinks (Relu, Clip) spoil extrapolation, and over large steps their errors change so
 * slowly that they look like a plateau: such functions are differenced over small steps alone.
 */
export const LADDERS = { smooth: { coarsest: -3, finest: 13 }, kinked: { coarsest: 10, finest: 16 } } satisfies Record<
  string,
  Ladder
>;

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
 * Central differences at every step of the ladder, each also extrapolated to step 0 (Richardson). Large steps suffer from curvature,
 * small ones from rounding; between them lies a plateau. The flattest run of neighbouring estimates is taken and its median is the
 * result. The analytic derivative plays no part in the choice.
 */
export async function slopeAtZero(difference: (step: number) => Promise<number>, kinked: boolean): Promise<Slope> {
  const plain: Estimate[] = [];
  const { coarsest, finest } = LADDERS[kinked ? "kinked" : "smooth"];
  for (let k = coarsest; k <= finest; k++) {
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
