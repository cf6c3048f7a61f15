import type { Tensor } from "../../tensor.ts";
import type { Edit } from "../edit.ts";
import type { ScopeProbe } from "./decide.ts";
import type { ActivationScope, Decision } from "./scope.ts";

/**
 * How much each shard's weight would change the activations of its site for this prompt. Of those that reach their threshold the one that
 * exceeds it by most acts.
 */
export async function byActivation(scope: ActivationScope, edit: Edit, probe: ScopeProbe): Promise<Decision> {
  const { site, thresholds, cases } = scope;
  if (thresholds.length === 0) return { fires: false, score: 0, threshold: 0, why: "there is no side memory" };
  const tap = { site, of: "activated" } as const;
  const [base] = await probe.states([tap]);
  let [best, largest, change] = [0, -Infinity, 0];
  for (let entry = 0; entry < thresholds.length; entry++) {
    const [edited] = await probe.states([tap], new Map([[site, deltaOf(edit, entry)]]));
    const found = activationChange(base, edited);
    if (found - thresholds[entry] > largest) [best, largest, change] = [entry, found - thresholds[entry], found];
  }
  return {
    fires: change >= thresholds[best],
    entry: best,
    case: cases[best].length === 1 ? cases[best][0] : undefined,
    score: change,
    threshold: thresholds[best],
    why: `side memory ${best + 1} of ${thresholds.length} changes activations by ${change.toPrecision(4)}, threshold ${thresholds[best].toPrecision(4)}`,
  };
}

/** Mean over tokens of the Euclidean distance between activations. Shapes: [tokens, width] both. */
export function activationChange(base: Tensor<Float32Array>, edited: Tensor<Float32Array>): number {
  const [tokens, width] = base.dims;
  let total = 0;
  for (let t = 0; t < tokens; t++) {
    let sum = 0;
    for (let i = t * width; i < (t + 1) * width; i++) sum += (edited.data[i] - base.data[i]) ** 2;
    total += Math.sqrt(sum);
  }
  return total / tokens;
}

function deltaOf({ interventions }: Edit, entry: number): Tensor<Float32Array> {
  const found = interventions.find((step) => step.kind === "dense" && step.entry === entry);
  if (found?.kind !== "dense") throw new Error(`internal: side memory ${entry} has no weight`);
  return found.delta as Tensor<Float32Array>;
}
