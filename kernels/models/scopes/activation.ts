import type { Tensor } from "../../tensor.ts";
import type { Edit } from "../edit.ts";
import type { ScopeProbe } from "./decide.ts";
import { type ActivationScope, type Decision, ofCases } from "./scope.ts";

/** How much each shard's weight would change the activations of its site for this prompt, and which of those above their threshold changes most. */
export async function byActivation(scope: ActivationScope, edit: Edit, probe: ScopeProbe): Promise<Decision> {
  const { site, thresholds, cases, variant = "corrected" } = scope;
  if (thresholds.length === 0) return { fires: false, score: 0, threshold: 0, why: "there is no side memory" };
  const tap = { site, of: "activated" } as const;
  const [base] = await probe.states([tap]);
  const changes: number[] = [];
  for (const entry of thresholds.keys()) {
    const [edited] = await probe.states([tap], new Map([[site, deltaOf(edit, entry)]]));
    changes.push(activationChange(base, edited, variant === "official"));
  }
  const last = changes.length - 1;
  const open = [...changes.keys()].filter((entry) =>
    variant === "official" && entry !== last
      ? changes[entry] > thresholds[entry] && changes[entry] > changes[last]
      : changes[entry] >= thresholds[entry],
  );
  const best = open.length
    ? largest(open, (entry) => changes[entry])
    : largest([...changes.keys()], (entry) => changes[entry] - thresholds[entry]);
  return {
    fires: open.length > 0,
    entry: best,
    ...ofCases(cases[best]),
    score: changes[best],
    threshold: thresholds[best],
    why: `side memory ${best + 1} of ${thresholds.length} changes activations by ${changes[best].toPrecision(4)}, threshold ${thresholds[best].toPrecision(4)}`,
  };
}

/** Beyond this many tokens official routers take the largest distance instead of the mean. */
const LONG = 100;

/**
 * Mean over tokens of the Euclidean distance between activations; with `longest` the largest where there are more than 100 tokens.
 * Shapes: [tokens, width] both.
 */
export function activationChange(base: Tensor<Float32Array>, edited: Tensor<Float32Array>, longest = false): number {
  const [tokens, width] = base.dims;
  let [total, most] = [0, 0];
  for (let t = 0; t < tokens; t++) {
    let sum = 0;
    for (let i = t * width; i < (t + 1) * width; i++) sum += (edited.data[i] - base.data[i]) ** 2;
    total += Math.sqrt(sum);
    most = Math.max(most, Math.sqrt(sum));
  }
  return longest && tokens > LONG ? most : total / tokens;
}

const largest = (entries: readonly number[], of: (entry: number) => number): number =>
  entries.reduce((best, entry) => (of(entry) > of(best) ? entry : best));

function deltaOf({ interventions }: Edit, entry: number): Tensor<Float32Array> {
  const found = interventions.find((step) => step.kind === "dense" && step.entry === entry);
  if (found?.kind !== "dense") throw new Error(`internal: side memory ${entry} has no weight`);
  return found.delta as Tensor<Float32Array>;
}
