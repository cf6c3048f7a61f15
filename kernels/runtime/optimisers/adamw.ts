import { moments } from "./moments.ts";
import type { MomentOptions } from "./moments.ts";
import type { Optimiser } from "./optimiser.ts";

/** Settings of AdamW; the defaults are those of the common libraries. */
export interface AdamWOptions extends MomentOptions {
  /** Step size. */
  lr: number;
  /** Decoupled decay of the weights themselves. Default 0.01. */
  weightDecay?: number;
}

/**
 * AdamW with decoupled weight decay.
 *
 * Computed in double precision, returned in single. Source: Loshchilov and Hutter, arXiv 1711.05101, algorithm 2 (reproduced).
 */
export function adamw(size: number, options: AdamWOptions): Optimiser {
  const state = moments(size, options);
  const decay = options.weightDecay ?? 0.01;
  return {
    step(gradient, weight, lr = options.lr) {
      state.advance();
      return gradient.map((g, i) => -lr * (state.direction(i, g) + decay * weight[i]));
    },
  };
}
