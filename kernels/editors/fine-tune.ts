import type { EditCase } from "../../datasets/case.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { SiteId } from "../models/edit.ts";
import type { Example } from "../models/example-batch.ts";
import { denseParameter } from "../models/trainables.ts";
import type { OptimiserOptions } from "../runtime/optimisers/optimiser.ts";
import { float32, type Tensor } from "../tensor.ts";
import { editExamples } from "./edit-examples.ts";
import type { EditContext, Intervention } from "./editor.ts";

export interface FineTuneOptions {
  sites: readonly SiteId[];
  optimiser: OptimiserOptions;
  steps: number;
  /** Mean loss (nats) at which no further step is taken; 0 never stops. */
  stopBelow: number;
  /** Largest absolute change of a weight. Default: none. */
  clamp?: number;
  labels?: Example["labels"];
}

/**
 * Trains weights at some sites on the edited questions, all in one batch, and returns their changes.
 *
 * Decoupled weight decay shrinks the weight itself, not its change. On a view with edits in force training goes on from that view.
 */
export async function fineTune(
  model: EditableModel,
  cases: readonly EditCase[],
  { sites, optimiser, steps, stopBelow, clamp, labels }: FineTuneOptions,
  { signal, onStep }: EditContext,
): Promise<{ interventions: Intervention[]; losses: number[] }> {
  const examples = editExamples(cases, labels);
  const trainables = sites.map((site) => ({ kind: "dense" as const, site }));
  const objective = await model.objective({ trainables, examples, signal });
  try {
    const weights = sites.map((site) => [denseParameter(site), model.weight(site)] as const);
    const initial = weights.map(([name, { data, dims }]) => [name, float32(new Float32Array(data.length), dims)]);
    const { values, losses } = await objective.fit(
      Object.fromEntries(initial) as Record<string, Tensor<Float32Array>>,
      {
        optimiser,
        steps,
        stopBelow,
        clamp,
        anchors: Object.fromEntries(weights),
        signal,
        onStep: (step, loss) => onStep?.(step, steps, loss),
      },
    );
    return {
      interventions: sites.map((site) => ({ kind: "dense", site, delta: values[denseParameter(site)] })),
      losses,
    };
  } finally {
    await objective.release();
  }
}
