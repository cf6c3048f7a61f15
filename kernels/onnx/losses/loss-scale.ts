import type { Tensor } from "../../tensor.ts";

const LARGEST = 2 ** 24;

/**
 * The factor of scaleLoss from step to step: halved when a gradient overflowed, doubled after a long run of steps without.
 *
 * Example: const apply = scale.update(Object.values(gradients)); if (apply) optimiser.step(gradients);
 * Source: Mixed Precision Training (arXiv 1710.03740), section 3.2; period as in PyTorch's GradScaler.
 */
export class LossScale {
  #value: number;
  #steady = 0;
  readonly #period: number;

  constructor(initial = 2 ** 16, period = 2000) {
    this.#value = initial;
    this.#period = period;
  }

  /** The factor for the next step, at least 1. */
  get value(): number {
    return this.#value;
  }

  /** Looks at the unscaled gradients (float32) of a step and says whether they may be applied: all of them are finite. */
  update(gradients: readonly Tensor[]): boolean {
    const finite = gradients.every(({ data }) => (data as Float32Array).every(Number.isFinite));
    if (!finite) {
      this.#value = Math.max(1, this.#value / 2);
      this.#steady = 0;
    } else if (++this.#steady === this.#period) {
      this.#value = Math.min(LARGEST, this.#value * 2);
      this.#steady = 0;
    }
    return finite;
  }
}
