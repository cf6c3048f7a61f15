import { throwIfCancelled } from "../errors.ts";
import { requireFinite, requireFiniteValues } from "../models/diverged-error.ts";
import type { Fitted, Values } from "../models/edit-objective.ts";
import { optimiser, type OptimiserOptions } from "../runtime/optimisers/optimiser.ts";
import { float32 } from "../tensor.ts";

export interface DescendOptions {
  optimiser: OptimiserOptions;
  steps: number;
  /** Ends before the step at which the loss is below this; 0 never does. */
  stopBelow?: number;
  signal?: AbortSignal;
  /** Called with every loss. */
  onStep?: (step: number, loss: number) => void;
}

/**
 * Minimises on this side of the engine, for losses that the engine's own `fit` does not know: gradients by the chain rule, masks that are
 * drawn anew. The arguments are left as they are.
 *
 * `gradientsAt`: loss (nats) and gradients of the parameters at a step, counted from 1. `what` names the caller where it is stopped.
 * Throws: CancelledError.
 */
export async function descend(
  what: string,
  initial: Values,
  gradientsAt: (values: Values, step: number) => Promise<{ loss: number; gradients: Values }>,
  { optimiser: rule, steps, stopBelow = 0, signal, onStep }: DescendOptions,
): Promise<Fitted> {
  const names = Object.keys(initial);
  const rules = names.map((name) => optimiser(initial[name].data.length, rule));
  let values = initial;
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    throwIfCancelled(signal, `${what}: step ${step} of ${steps}`);
    const { loss, gradients } = await gradientsAt(values, step);
    requireFinite(loss, step, losses);
    losses.push(loss);
    onStep?.(step, loss);
    if (loss < stopBelow) break;
    const before = values;
    values = Object.fromEntries(
      names.map((name, i) => {
        const { data, dims } = before[name];
        const change = rules[i].step(gradients[name].data, data);
        return [name, float32(data.map((value, j) => value + change[j]), dims)]; // prettier-ignore
      }),
    );
  }
  requireFiniteValues(values, losses.length);
  return { values, losses };
}
