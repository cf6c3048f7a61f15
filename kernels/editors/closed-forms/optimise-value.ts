import { throwIfCancelled } from "../../errors.ts";
import { requireFinite } from "../../models/diverged-error.ts";
import { adam } from "../../runtime/optimisers/adam.ts";
import { ClosedFormError } from "./closed-form-error.ts";

/** What an objective says of one delta. */
export interface ObjectiveResult {
  /**
   * Loss without the norm penalty, in nats: mean negative log-likelihood of the target over prompts and target tokens, plus 0.0625 times
   * KL(now, before) at the prompt "{subject} is a". The released code has the divergence in this order.
   */
  loss: number;
  /** Its gradient, as long as delta. */
  gradient: Float32Array;
  /** Ends the optimisation before another step, for rules of a method's own (PMET's). */
  stop?: boolean;
}

export interface ValueLoopOptions {
  /** Adam's step size. Default 0.5. */
  lr?: number;
  /** Passes; the last one takes no step, so there is one step less. Default 25. */
  passes?: number;
  /** Factor of |delta| / |v0|^2 in the loss. Default 0.001. */
  weightDecay?: number;
  /** After each step |delta| is brought down to this many times |v0|. Default 4. */
  clampFactor?: number;
  /** Ends the optimisation once the total loss is below this. Default 0.05. */
  stopBelow?: number;
  signal?: AbortSignal;
  /** Called after every pass. */
  onPass?: (pass: ValuePass) => void;
}

/** The losses of one pass, in nats. */
export interface ValuePass {
  total: number;
  objective: number;
  weightDecay: number;
}

export interface OptimisedValue {
  /** What is added to v0: v* = v0 + delta. */
  delta: Float32Array;
  passes: ValuePass[];
}

/**
 * Finds the delta that, added to a hidden vector, makes the model give the target.
 *
 * `start` is v0, the vector at the first prompt's position [d]. PMET moves several vectors at once: give them as a list, and delta holds
 * them one after another, each with its own penalty and bound. The objective is asked once a pass; an AbortSignal is looked at between
 * passes. Memory: three vectors of delta's length.
 * Throws: CancelledError, ClosedFormError for a vector of length zero or a gradient of another length.
 * Source: ROME (arXiv 2202.05262) section 3.2; loop and stopping rules of EasyEdit's compute_v (reproduced).
 */
export async function optimiseValue(
  start: Float32Array | readonly Float32Array[],
  objective: (delta: Float32Array) => ObjectiveResult | Promise<ObjectiveResult>,
  options: ValueLoopOptions = {},
): Promise<OptimisedValue> {
  const { lr = 0.5, passes: limit = 25, weightDecay = 1e-3, clampFactor = 4, stopBelow = 0.05 } = options;
  const vectors = start instanceof Float32Array ? [start] : start;
  const blocks = blocksOf(vectors);
  const delta = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  const optimiser = adam(delta.length, { lr });
  const passes: ValuePass[] = [];
  for (let pass = 1; pass <= limit; pass++) {
    throwIfCancelled(options.signal, `value optimisation, pass ${pass} of ${limit}`);
    const { loss, gradient, stop } = await objective(delta.slice());
    if (gradient.length !== delta.length)
      throw new ClosedFormError(
        `value optimisation: a gradient of ${gradient.length} values for ${delta.length}. Return it for delta, not for the weight.`,
      );
    const penalties = blocks.map(({ from, to, norm }) => (weightDecay * length(delta.subarray(from, to))) / norm ** 2);
    const penalty = penalties.reduce((sum, each) => sum + each, 0);
    requireFinite(
      loss + penalty,
      pass,
      passes.map(({ total }) => total),
    );
    passes.push({ total: loss + penalty, objective: loss, weightDecay: penalty });
    options.onPass?.(passes.at(-1)!);
    if (loss + penalty < stopBelow || stop || pass === limit) break;
    const slope = gradient.slice();
    for (const { from, to, norm } of blocks) {
      const size = length(delta.subarray(from, to));
      // The norm has no slope at zero; 0 is its subgradient.
      if (size > 0) for (let i = from; i < to; i++) slope[i] += (weightDecay * delta[i]) / (size * norm ** 2);
    }
    optimiser.step(slope, delta).forEach((change, i) => (delta[i] += change));
    for (const { from, to, norm } of blocks) {
      const size = length(delta.subarray(from, to));
      if (size > clampFactor * norm) for (let i = from; i < to; i++) delta[i] *= (clampFactor * norm) / size;
    }
  }
  return { delta, passes };
}

/** Where each vector lies in delta, and its length |v0|. */
function blocksOf(vectors: readonly Float32Array[]): { from: number; to: number; norm: number }[] {
  let from = 0;
  return vectors.map((vector, i) => {
    const norm = length(vector);
    if (!(norm > 0 && Number.isFinite(norm)))
      throw new ClosedFormError(
        `value optimisation: start vector ${i + 1} has length ${norm}, and bound and penalty are relative to it. Read it at the edited site.`,
      );
    const block = { from, to: from + vector.length, norm };
    from = block.to;
    return block;
  });
}

const length = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
