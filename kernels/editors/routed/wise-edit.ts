import type { Carried, Edit, Intervention, SiteId } from "../../models/edit.ts";
import type { ActivationScope } from "../../models/scopes/scope.ts";
import { float32 } from "../../tensor.ts";
import { carriedArray } from "../carried.ts";
import { emptyWiseMemory, type WiseMemory, type WiseShard } from "../memories/wise-memory.ts";
import type { Variant } from "../memories/variant.ts";

/** Where a side memory lies, and when it answers. */
export interface WisePlace {
  site: SiteId;
  /** [in, out] */
  dims: readonly number[];
  ratio: number;
  variant: Variant;
}

/** The memories that answer: those put by, then the copy that is being edited, where it holds anything. */
const answering = ({ shards, current }: WiseMemory): WiseShard[] =>
  [...shards, current].filter(({ cases }) => cases.length);

/** A side memory, whose weights are changes of the model's own, as interventions and scope of an edit, and what the edit carries. */
export function wiseEdit(memory: WiseMemory, { site, dims, ratio, variant }: WisePlace) {
  const entries = answering(memory);
  const interventions: Intervention[] = entries.map(({ weight }, entry) => ({
    kind: "dense",
    site,
    delta: float32(weight, dims),
    entry,
  }));
  const scope: ActivationScope = {
    kind: "activation",
    site,
    thresholds: entries.map(({ minActivation }) => ratio * minActivation),
    cases: entries.map(({ cases }) => [...cases]),
    ...(variant === "official" && { variant }),
  };
  const data = Float64Array.from(entries, ({ minActivation }) => minActivation);
  const carried: Carried = { activations: { type: "float64", dims: [data.length], data } };
  return { interventions, scope, carried };
}

/** The memory that `wiseEdit` wrote. `size`: numbers of the weight. Throws: CarriedError. */
export function wiseMemoryOf(edit: Edit, size: number, saveEvery: number): WiseMemory {
  const { scope, interventions } = edit;
  if (scope.kind !== "activation") throw new Error("internal: this edit has no side memory");
  const activations = carriedArray(edit, "activations", "float64", interventions.length) as Float64Array;
  const all = interventions.map((step, entry): WiseShard => {
    if (step.kind !== "dense") throw new Error("internal: a side memory has no weight");
    return { weight: step.delta.data as Float32Array, minActivation: activations[entry], cases: scope.cases[entry] };
  });
  const { current: none } = emptyWiseMemory(new Float32Array(size));
  const edits = all.reduce((sum, { cases }) => sum + cases.length, 0);
  // Full shards are put by at once, so that a number of edits that fills the last one leaves nothing in the making.
  return edits % saveEvery === 0
    ? { current: none, shards: all, edits }
    : { current: all.at(-1)!, shards: all.slice(0, -1), edits };
}
