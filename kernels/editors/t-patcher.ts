import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { EditObjective, Values } from "../models/edit-objective.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { SiteId } from "../models/edit.ts";
import type { Example } from "../models/example-batch.ts";
import type { Query } from "../models/model.ts";
import { neuronParameters } from "../models/trainables.ts";
import { upSite } from "../models/with-sides.ts";
import { requireKnown } from "../nearest-name.ts";
import { random } from "../random.ts";
import { float32, type Tensor } from "../tensor.ts";
import { downProjectionAt, requireSite } from "./default-sites.ts";
import { descend } from "./descend.ts";
import { editExamples } from "./edit-examples.ts";
import type { EditContext, Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { patcherTerm } from "./memories/patcher-term.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

export interface TPatcherOptions {
  /** Neurons per case; 0 (default) is one for every trained token, as in the paper. "official": 1. */
  neurons?: number;
  /**
   * "key" (default): a new neuron's key is h / |h|^2 for the input h at its token, so that it is open there from the start. "zeros", as
   * released: several neurons of a case then stay equal. "official": zeros.
   */
  init?: "key" | "zeros";
  /** Adam steps. Default 25; 0 changes nothing. */
  steps?: number;
  /** Step size. Default 0.05, which suits a model of a few million parameters; published: 0.01. */
  lr?: number;
  /** Weight of the term that opens the neurons on the edit. Default 1e-4. */
  activation?: number;
  /** Weight of the term that keeps them shut on other texts. Default 1e-4. */
  memory?: number;
  /** How many other texts. They come from the corpus of the call, else an invented passage stands in. Default 8; released: 1. */
  memories?: number;
  /** No further step is taken once the loss is below this many nats. Default 0.01; 0 never stops, as released. */
  stopBelow?: number;
  /** MLP down projection that is widened. Default: that of the last layer. */
  site?: SiteId;
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
  /**
   * "official": after the first step the edit's inputs are overwritten by the passage, so that the cross-entropy compares what the model says
   * at the end of the passage with the edit's labels. Default "corrected": they are kept apart.
   */
  variant?: "official" | "corrected";
}

const DEFAULTS = {
  neurons: 0,
  init: "key" as Required<TPatcherOptions>["init"],
  steps: 25,
  lr: 0.05,
  activation: 1e-4,
  memory: 1e-4,
  memories: 8,
  stopBelow: 0.01,
  site: undefined as SiteId | undefined,
  labels: "answer" as Required<TPatcherOptions>["labels"],
  variant: "corrected" as Required<TPatcherOptions>["variant"],
};

/** Stands in for the random encyclopaedia passage of the release; longer than the 20 words that it asks for. */
const PASSAGE =
  "The harbour of Velmora was built from pale stone in the winter after the flood, and for many years its only lamp was kept by a family of boat builders.";

/**
 * T-Patcher: adds neurons to the last MLP, y += act(h K + b) V, trained on the edited questions, with a term that opens them there and one
 * that keeps them shut on other texts. The edit is the neurons.
 *
 * A new neuron of a gated MLP has one key, and the factor of the other projection counts as 1; the release widens both.
 * Source: Transformer-Patcher (arXiv 2301.09785), in the form of LiveEdit's baseline (loss reproduced, see memories/patcher-loss.ts).
 */
export function tPatcher(given: TPatcherOptions = {}): Editor {
  const options = readOptions("t-patcher", DEFAULTS, given, ["neurons", "steps", "memories"]);
  requireKnown("t-patcher init", options.init, ["key", "zeros"]);
  requireKnown("t-patcher labels", options.labels, ["answer", "answer-only"]);
  requireKnown("t-patcher variant", options.variant, ["official", "corrected"]);
  const official = options.variant === "official";
  const used = official ? { ...options, neurons: 1, init: "zeros" as const } : options;
  return {
    id: "t-patcher",
    summary: "adds neurons to the last MLP, open on the edit and shut on other texts",
    needs: ["forward", "hidden states", "gradients", "corpus"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, context = {}) {
      requireCases("t-patcher", cases);
      throwIfCancelled(context.signal, "t-patcher");
      const site = options.site === undefined ? downProjectionAt("t-patcher", model, 1) : requireSite("t-patcher", model, options.site); // prettier-ignore
      const { values, losses, texts } = await trained(model, cases, site, used, context);
      const names = neuronParameters(site);
      const [keys, bias, v] = [values[names.keys], values[names.bias], values[names.values]];
      return makeEdit(cases, [{ kind: "neurons", site, keys, bias, values: v }], {
        editor: "t-patcher",
        model: model.id,
        seed: context.seed ?? 0,
        options: { ...used, site },
        trace: { loss: losses, neurons: bias.data.length, memories: texts, norm: Math.hypot(...v.data) },
      });
    },
  };
}

type Settings = typeof DEFAULTS;

async function trained(
  model: EditableModel,
  cases: readonly EditCase[],
  site: SiteId,
  settings: Settings,
  context: EditContext,
) {
  // prettier-ignore
  const { seed = 0, signal, corpus = [], onStep } = context;
  const { steps, lr, stopBelow, activation, memory, variant, labels } = settings;
  const tap = {
    site: upSite(
      model.sites,
      model.sites.find(({ id }) => id === site)!,
    ).id,
    of: "input" as const,
  };
  // What the MLP reads does not depend on the neurons: it is read once.
  const inputs = async (query: Query, answer = "") => (await model.states(query, [tap], { answer, signal })).values[0];
  const { queries, named } = otherTexts(cases, corpus, settings.memories, seed);
  const [own, other] = [await each(cases, ({ image, question, target }) => inputs({ image, question }, target)), await each(queries, (query) => inputs(query))]; // prettier-ignore
  const trainables = [{ kind: "neurons" as const, site }];
  const examples = editExamples(cases, labels);
  const objective = await model.objective({ trainables, examples, signal });
  let overwritten: EditObjective | undefined;
  try {
    if (variant === "official") {
      const passage: Example[] = await each(cases, (_, e) => overPassage(model, objective, e, queries[0]));
      overwritten = await model.objective({ trainables, examples: passage, signal });
    }
    const { initial, owners } = newNeurons(site, own, objective, settings, model.sites.find(({ id }) => id === site)!.out); // prettier-ignore
    const fitted = await descend(
      "t-patcher",
      initial,
      async (values, step) => {
        const late = step > 1 && overwritten;
        const said = await (late || objective).evaluate(values, signal);
        const seen = late ? own.map(() => other[0]) : own;
        const term = patcherTerm(values, neuronParameters(site), seen, owners, other, { activation, memory });
        const gradients = Object.fromEntries(
          Object.entries(said.gradients).map(([name, g]) => [name, added(g, term.gradients[name])]),
        );
        return { loss: said.loss + term.loss, gradients };
      },
      { optimiser: { kind: "adam", lr }, steps, stopBelow, signal, onStep: (step, loss) => onStep?.(step, steps, loss) }, // prettier-ignore
    );
    return { ...fitted, texts: named };
  } finally {
    await objective.release();
    await overwritten?.release();
  }
}

/** Texts on which the neurons shall stay shut, and where they come from, in words. */
function otherTexts(cases: readonly EditCase[], corpus: readonly EditCase[], count: number, seed: number) {
  const edited = new Set(cases.map(({ id }) => id));
  const others = corpus.filter(({ id }) => !edited.has(id));
  const chosen = random(seed).shuffle(others).slice(0, count);
  if (chosen.length === 0) return { queries: [{ question: PASSAGE }], named: "an invented passage" };
  const queries: Query[] = chosen.map(({ image, question }) => ({ image, question }));
  return { queries, named: `questions of ${chosen.map(({ id }) => id).join(", ")}` };
}

/** The labels of example `e` at the last rows of another text. */
async function overPassage(model: EditableModel, { batch }: EditObjective, e: number, query: Query): Promise<Example> {
  const [from, to] = batch.spans[e];
  const [labels, weights] = [batch.feeds.labels.data, batch.feeds.loss_weights.data];
  const { dims } = await model.logits(query, "");
  const soft = Array.from({ length: Math.min(to - from, dims[1]) }, (_, i) => {
    const distribution = new Float32Array(dims[2]);
    distribution[Number(labels[to - 1 - i])] = 1;
    return { row: dims[1] - 1 - i, distribution, weight: Number(weights[to - 1 - i]) };
  });
  return { query, answer: "", labels: "none", soft };
}

/** Neurons before the first step, case after case, and the case that each belongs to. */
function newNeurons(
  site: SiteId,
  own: readonly Tensor<Float32Array>[],
  { batch }: EditObjective,
  { neurons, init }: Settings,
  out: number,
) {
  // prettier-ignore
  const [columns, owners]: [Float32Array[], number[]] = [[], []];
  const width = own[0].dims[1];
  const tokens = batch.embeds.dims[1];
  batch.spans.forEach(([from, to], e) => {
    const count = neurons || to - from;
    for (let j = 0; j < count; j++) {
      const row = Number(batch.feeds.rows.data[from + (j % (to - from))]) - e * tokens;
      const h = own[e].data.slice(row * width, (row + 1) * width);
      const square = h.reduce((sum, value) => sum + value * value, 0);
      columns.push(init === "key" ? h.map((value) => value / square) : new Float32Array(width));
      owners.push(e);
    }
  });
  const n = columns.length;
  const keys = Float32Array.from({ length: width * n }, (_, at) => columns[at % n][Math.floor(at / n)]);
  const names = neuronParameters(site);
  const initial: Values = {
    [names.keys]: float32(keys, [width, n]),
    [names.bias]: float32(new Float32Array(n), [n]),
    [names.values]: float32(new Float32Array(n * out), [n, out]),
  };
  return { initial, owners };
}

async function each<T, R>(items: readonly T[], make: (item: T, i: number) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (const [i, item] of items.entries()) made.push(await make(item, i));
  return made;
}

const added = (a: Values[string], b: Values[string] | undefined) =>
  b ? float32(a.data.map((value, i) => value + b.data[i]), a.dims) : a; // prettier-ignore
