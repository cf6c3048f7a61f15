/** Running mean and running square of a gradient, as Adam and AdamW keep them. */
export interface MomentOptions {
  /** Decay of the running mean and of the running square of the gradient. Default [0.9, 0.999]. */
  betas?: [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps?: number;
}

export interface Moments {
  /** Begins the next step. */
  advance(): void;
  /** Takes up the gradient of value `i`; returns the unbiased mean over the root of the unbiased square. */
  direction(i: number, gradient: number): number;
}

export const MOMENT_DEFAULTS: Required<MomentOptions> = { betas: [0.9, 0.999], eps: 1e-8 };

/** Kept in double precision. Source: Kingma and Ba, arXiv 1412.6980, algorithm 1 (reproduced). */
export function moments(size: number, options: MomentOptions): Moments {
  const { betas: [b1, b2], eps } = { ...MOMENT_DEFAULTS, ...options }; // prettier-ignore
  const mean = new Float64Array(size);
  const square = new Float64Array(size);
  let t = 0;
  let [meanScale, squareScale] = [1, 1];
  return {
    advance() {
      t++;
      meanScale = 1 / (1 - b1 ** t);
      squareScale = 1 / (1 - b2 ** t);
    },
    direction(i, g) {
      mean[i] = b1 * mean[i] + (1 - b1) * g;
      square[i] = b2 * square[i] + (1 - b2) * g * g;
      return (mean[i] * meanScale) / (Math.sqrt(square[i] * squareScale) + eps);
    },
  };
}
