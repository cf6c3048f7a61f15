import type { EditCase } from "../../../datasets/case.ts";
import type { SiteId } from "../../models/edit.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { ExtraLoss } from "../../models/edit-objective.ts";
import type { Example } from "../../models/example-batch.ts";
import { activationChange } from "../../models/scopes/activation.ts";
import { denseParameter } from "../../models/trainables.ts";
import { activationMargins, MARGIN_INPUTS } from "../../onnx/index.ts";
import { float32 } from "../../tensor.ts";
import type { EditContext } from "../editor.ts";
import { makeEdit } from "../make-edit.ts";
import { wiseMask } from "../memories/wise-mask.ts";
import type { WiseMemory } from "../memories/wise-memory.ts";
import type { WiseSettings } from "./wise-options.ts";

/** Where and how a side memory is trained. */
export interface WiseCall {
  site: SiteId;
  dims: readonly number[];
  options: WiseSettings;
  context: EditContext;
  others: readonly EditCase[];
}

/** Goes on training the current copy; its weights are changes of the model's own. */
export async function trainWise(
  base: EditableModel,
  cases: readonly EditCase[],
  { current, edits }: WiseMemory,
  { site, dims, options, context: { seed = 0, signal }, others }: WiseCall,
  onStep: (step: number, loss: number) => void,
) {
  const { lr, weightDecay, steps, stopBelow, clamp, labels, saveEvery } = options;
  const ask = ({ image, question }: EditCase) => ({ image, question });
  const examples: Example[] = [
    ...cases.map((each) => ({ query: ask(each), answer: each.target, labels })),
    ...others.map((each) => ({ query: ask(each), answer: "", labels: "none" as const })),
  ];
  const extra = margins(base, site, cases.length, options);
  const objective = await base.objective({ trainables: [{ kind: "dense", site }], examples, extra, signal });
  try {
    const name = denseParameter(site);
    const drawn = wiseMask(current.weight.length, seed * 1009 + Math.floor(edits / saveEvery), options.share);
    const { values, losses } = await objective.fit(
      { [name]: float32(current.weight, dims) },
      {
        optimiser: { kind: "sgd", lr, weightDecay },
        steps,
        stopBelow,
        clamp,
        masks: { [name]: float32(Float32Array.from(drawn), dims) },
        signal,
        onStep,
      },
    );
    const delta = values[name];
    const nothing = { editor: "wise", model: base.id, seed, options: {} };
    const view = base.with(makeEdit([], [{ kind: "dense", site, delta }], nothing));
    const change = async (each: EditCase) => {
      const read = async (of: EditableModel) =>
        (await of.states(ask(each), [{ site, of: "activated" }], { signal })).values[0];
      return activationChange(await read(base), await read(view));
    };
    const [activations, distances]: number[][] = [[], []];
    for (const each of cases) activations.push(await change(each));
    for (const each of others) distances.push(await change(each));
    return { weight: delta.data, losses, activations, distances };
  } finally {
    await objective.release();
  }
}

/** The margins as a term of the objective; the first examples are the edited ones. */
function margins(model: EditableModel, id: SiteId, edited: number, { alpha, beta, gamma }: WiseSettings): ExtraLoss {
  const site = model.sites.find((each) => each.id === id)!;
  return {
    name: `wise ${id} ${alpha} ${beta} ${gamma}`,
    rewrite: (graph) => activationMargins(graph, site, denseParameter(id), { alpha, beta, gamma }),
    feeds({ sequences, embeds: { dims } }) {
      const [count, tokens] = dims;
      const weights = new Float32Array(count * tokens);
      sequences.forEach(({ text: { prompt } }, e) =>
        weights.fill(1 / prompt.length, e * tokens, e * tokens + prompt.length),
      );
      const mark = (yes: (e: number) => boolean) =>
        float32(Float32Array.from({ length: count }, (_, e) => Number(yes(e))), [count]); // prettier-ignore
      return {
        [MARGIN_INPUTS.tokens]: float32(weights, [count, tokens]),
        [MARGIN_INPUTS.edits]: mark((e) => e < edited),
        [MARGIN_INPUTS.others]: mark((e) => e >= edited),
      };
    },
  };
}
