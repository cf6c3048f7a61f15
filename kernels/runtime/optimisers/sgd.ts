import type { Optimiser } from "./optimiser.ts";

/** Settings of stochastic gradient descent. */
export interface SgdOptions {
  /** Step size. */
  lr: number;
  /** Share of the last step's direction that is kept. Default 0. */
  momentum?: number;
  /** Looks ahead along the momentum. Default false. */
  nesterov?: boolean;
  /** Decay added to the gradient (an L2 penalty). Default 0. */
  weightDecay?: number;
}

/**
 * Gradient descent with heavy-ball or Nesterov momentum, in the form of the common libraries (the step size multiplies the velocity).
 *
 * Computed in double precision, returned in single. Source: Sutskever et al. 2013, equations 3 and 4 (adapted).
 */
export function sgd(size: number, options: SgdOptions): Optimiser {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  const velocity = new Float64Array(momentum === 0 ? 0 : size);
  return {
    step: (gradient, weight, lr = options.lr) =>
      gradient.map((slope, i) => {
        const g = slope + weightDecay * weight[i];
        if (momentum === 0) return -lr * g;
        velocity[i] = momentum * velocity[i] + g;
        return -lr * (nesterov ? g + momentum * velocity[i] : velocity[i]);
      }),
  };
}
