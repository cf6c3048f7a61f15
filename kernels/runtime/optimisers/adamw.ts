/** Settings of AdamW; the defaults are those of the common libraries. */
export interface AdamWOptions {
  /** Step size. */
  lr: number;
  /** Decay of the running mean and of the running square of the gradient. Default [0.9, 0.999]. */
  betas?: [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps?: number;
  /** Decoupled decay of the weights themselves. Default 0.01. */
  weightDecay?: number;
}

/** One parameter's optimiser state. */
export interface AdamW {
  /**
   * Takes one step: returns the change to add to the parameter, all arrays of the same length.
   *
   * `weight` is the parameter's present value (base weight plus edit), which decay pulls towards zero.
   */
  step(gradient: Float32Array, weight: Float32Array): Float32Array;
}

/**
 * AdamW with decoupled weight decay.
 *
 * Computed in double precision, returned in single. Source: Loshchilov and Hutter, arXiv 1711.05101, algorithm 2 (reproduced).
 */
export function adamw(
  size: number,
  { lr, betas: [b1, b2] = [0.9, 0.999], eps = 1e-8, weightDecay = 0.01 }: AdamWOptions,
): AdamW {
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  let t = 0;
  return {
    step(gradient, weight) {
      t++;
      const change = new Float32Array(size);
      const meanScale = 1 / (1 - b1 ** t);
      const squareScale = 1 / (1 - b2 ** t);
      for (let i = 0; i < size; i++) {
        const g = gradient[i];
        mean[i] = b1 * mean[i] + (1 - b1) * g;
        square[i] = b2 * square[i] + (1 - b2) * g * g;
        change[i] =
          -lr * ((mean[i] * meanScale) / (Math.sqrt(square[i] * squareScale) + eps) + weightDecay * weight[i]);
      }
      return change;
    },
  };
}
