import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { SiteId } from "../models/edit.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { ExtraLoss } from "../models/edit-objective.ts";
import type { Example } from "../models/example-batch.ts";
import { activationChange } from "../models/scopes/activation.ts";
import { denseParameter } from "../models/trainables.ts";
import { requireKnown } from "../nearest-name.ts";
import { activationMargins, MARGIN_INPUTS } from "../onnx/index.ts";
import { random } from "../random.ts";
import { float32 } from "../tensor.ts";
import { downProjectionAt, requireSite } from "./default-sites.ts";
import type { EditContext, Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { wiseMask } from "./memories/wise-mask.ts";
import { emptyWiseMemory, recordEdit, type WiseMemory, type WiseMemoryOptions } from "./memories/wise-memory.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";
import { earlierEdit } from "./routed/earlier-edit.ts";
import { wiseEdit, wiseMemoryOf } from "./routed/wise-edit.ts";

export interface WiseOptions {
  /** Most steps of gradient descent an edit. Default 70, as published for text models (10 for vision-language models of 7B). */
  steps?: number;
  /** Step size. Default 1, as published. */
  lr?: number;
  /** Decay of the change of the weight. Default 1e-5. */
  weightDecay?: number;
  /** Largest absolute change of a weight. Default 1, as published. */
  clamp?: number;
  /** No further step is taken once the loss, margins included, is below this. Default 0.02, as published. */
  stopBelow?: number;
  /** Share of the weights that a group of edits may change. Default 0.2, as published. */
  share?: number;
  /** Prompts of the corpus whose activations shall rest. Default 4 (published 1); without a corpus there are none. */
  localityPrompts?: number;
  /** Activation change below which those shall stay. */
  alpha?: number;
  /** Activation change that edited prompts shall exceed. */
  beta?: number;
  /** By how much they shall exceed every other. */
  gamma?: number;
  /** A side memory answers from this share of the smallest change that its own edits showed. Default 0.88, as published for text models; (0, 1]. */
  ratio?: number;
  /**
   * Edits after which the copy is put by and a fresh one begun. Default 0: one for every 90,000 numbers of the weight, as the published 500 are
   * for models of 7B (at least 1, as on the phantom model). In a copy that took more, later edits bring the activations of earlier ones below
   * the threshold.
   */
  saveEvery?: number;
  /** Edits after which the newest of those are merged (TIES). A multiple of saveEvery. Default 1000. */
  mergeEvery?: number;
  /** Share of each change that a merge keeps. Default 0.53, as published. */
  density?: number;
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
  /** "official" routes as released code does (see ActivationScope). Default "corrected". */
  variant?: "official" | "corrected";
  /** Site that is copied. Default: the MLP down projection at 27/31 of the depth. */
  site?: SiteId;
}

const DEFAULTS = {
  steps: 70,
  lr: 1,
  weightDecay: 1e-5,
  clamp: 1,
  stopBelow: 0.02,
  share: 0.2,
  localityPrompts: 4,
  alpha: 5,
  beta: 20,
  gamma: 10,
  ratio: 0.88,
  saveEvery: 0,
  mergeEvery: 1000,
  density: 0.53,
  labels: "answer",
  variant: "corrected",
  site: undefined,
} as const satisfies WiseOptions;

type Settings = Required<Omit<WiseOptions, "site">> & Pick<WiseOptions, "site">;

/**
 * WISE: edits go into a copy of one MLP down projection; where that copy would change the activations of a prompt as much as it does for its
 * own edits, it answers, else the model's own weight.
 *
 * Loss: mean negative log-likelihood of the targets (nats) and three margins on the activation change, of edited prompts and of prompts of
 * the corpus. Gradient descent on a random share of the weights, drawn from the seed anew for every shard. Several cases are trained
 * together. An edit of a view that holds a side memory at the same site goes on with it.
 * The change is the mean over the tokens of the prompt alone, image tokens included, in training as in routing; so it does not depend on what
 * is generated. Official code counts whatever tokens a call happens to have.
 * Throws: NoSuchSiteError, OptionError, WiseIntervalError, CancelledError; SurgeryError where the MLP's activation cannot be read.
 * Source: Wang et al., "WISE" (arXiv 2405.14768), in the configurations of EasyEdit (adapted: the decay pulls towards the model's weight).
 */
export function wise(given: WiseOptions = {}): Editor {
  const chosen = readOptions<Settings>("wise", DEFAULTS, given, [
    "steps",
    "localityPrompts",
    "saveEvery",
    "mergeEvery",
  ]);
  requireKnown("wise labels", chosen.labels, ["answer", "answer-only"]);
  requireKnown("wise variant", chosen.variant, ["official", "corrected"]);
  return {
    id: "wise",
    summary: "trains a copy of one MLP down projection that answers where it changes activations as its edits do",
    needs: ["forward", "hidden states", "gradients", "corpus"],
    takes: ["batch", "sequence"],
    options: { ...chosen },
    async edit(model, cases, context = {}) {
      requireCases("wise", cases);
      throwIfCancelled(context.signal, "wise");
      const { seed = 0, corpus = [] } = context;
      const site = requireSite("wise", model, chosen.site ?? downProjectionAt("wise", model, 27 / 31));
      const { edit: before, base, supersedes } = earlierEdit(model, "wise", site);
      const { dims, data } = base.weight(site);
      const none = new Float32Array(data.length);
      const options = { ...chosen, saveEvery: chosen.saveEvery || editsFor(data.length, chosen.mergeEvery) };
      let memory = before ? wiseMemoryOf(before, data.length, options.saveEvery) : emptyWiseMemory(none);
      const others = otherPrompts(
        corpus,
        [...cases.map(({ id }) => id), ...casesOf(memory)],
        memory.edits,
        options,
        seed,
      );
      const [losses, distances]: number[][] = [[], []];
      for (const group of options.steps ? groups(cases, memory.edits, options.saveEvery) : []) {
        const call: Call = { site, dims, options, context, others };
        const done = losses.length;
        const trained = await train(base, group, memory, call, (step, loss) =>
          context.onStep?.(done + step, done + options.steps, loss),
        );
        losses.push(...trained.losses);
        distances.push(...trained.distances);
        for (const [i, { id }] of group.entries()) {
          const { weight } = trained;
          memory = recordEdit(
            memory,
            { weight, activation: trained.activations[i], caseId: id },
            none,
            merging(options),
          );
        }
      }
      const { interventions, scope, activations } = wiseEdit(memory, { ...options, site, dims });
      const trace = { loss: losses, activations, thresholds: scope.thresholds, locality: distances };
      const provenance = { editor: "wise", model: model.id, seed, options: { ...options, site }, trace };
      return makeEdit(cases, interventions, provenance, { scope, supersedes });
    },
  };
}

/** Numbers of a weight for each edit in a shard: 11008 x 4096 over 500 in the published configurations. */
const NUMBERS_AN_EDIT = 90_000;

/** Edits that a weight of so many numbers holds: at least 1, and a divisor of `mergeEvery`. */
function editsFor(numbers: number, mergeEvery: number): number {
  let edits = Math.max(1, Math.floor(numbers / NUMBERS_AN_EDIT));
  while (mergeEvery % edits) edits--;
  return edits;
}

const casesOf = ({ shards, current }: WiseMemory) => [...shards, current].flatMap(({ cases }) => cases);

/** Cases whose prompts shall rest: drawn anew for every edit, and never one that the memory holds, which would make it forget. */
function otherPrompts(
  corpus: readonly EditCase[],
  edited: readonly string[],
  edits: number,
  { localityPrompts }: Settings,
  seed: number,
): EditCase[] {
  const known = new Set(edited);
  const rest = corpus.filter(({ id }) => !known.has(id));
  return random(seed * 1009 + edits)
    .shuffle(rest)
    .slice(0, localityPrompts);
}

const merging = ({ saveEvery, mergeEvery, density }: Settings): WiseMemoryOptions => {
  return { saveEvery, mergeEvery, merge: { density } };
};

/** Cases that are trained together: those that still go into one shard. */
function groups(cases: readonly EditCase[], edits: number, saveEvery: number): EditCase[][] {
  const made: EditCase[][] = [];
  for (let from = 0, room = saveEvery - (edits % saveEvery); from < cases.length; from += room, room = saveEvery)
    made.push(cases.slice(from, from + room));
  return made;
}

interface Call {
  site: SiteId;
  dims: readonly number[];
  options: Settings;
  context: EditContext;
  others: readonly EditCase[];
}

/** Goes on training the current copy; its weights are changes of the model's own. */
async function train(
  base: EditableModel,
  cases: readonly EditCase[],
  { current, edits }: WiseMemory,
  { site, dims, options, context: { seed = 0, signal }, others }: Call,
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
function margins(model: EditableModel, id: SiteId, edited: number, { alpha, beta, gamma }: Settings): ExtraLoss {
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
