import { moments } from "./moments.ts";
import type { MomentOptions } from "./moments.ts";
import type { Optimiser } from "./optimiser.ts";

/** Settings of Adam; the defaults are those of the common libraries. */
export interface AdamOptions extends MomentOptions {
  /** Step size. */
  lr: number;
  /** Decay added to the gradient (an L2 penalty), unlike AdamW's. Default 0. */
  weightDecay?: number;
}

/** Adam. Computed in double precision, returned in single. Source: Kingma and Ba, arXiv 1412.6980, algorithm 1 (reproduced). */
export function adam(size: number, options: AdamOptions): Optimiser {
  const state = moments(size, options);
  const decay = options.weightDecay ?? 0;
  return {
    step(gradient, weight, lr = options.lr) {
      state.advance();
      return gradient.map((g, i) => -lr * state.direction(i, g + decay * weight[i]));
    },
  };
}
