import { throwIfCancelled } from "../errors.ts";
import type { Values } from "../models/edit-objective.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { Example } from "../models/example-batch.ts";
import { lowRankParameters } from "../models/trainables.ts";
import { requireKnown } from "../nearest-name.ts";
import type { Site } from "../onnx/sites.ts";
import { random } from "../random.ts";
import { float32 } from "../tensor.ts";
import { descend } from "./descend.ts";
import { editExamples } from "./edit-examples.ts";
import type { EditContext, Editor } from "./editor.ts";
import { changeNorm } from "./locate/change-norm.ts";
import { adaptedSites, type AdaptedSites } from "./lora/adapted-sites.ts";
import { dropoutMasks } from "./lora/dropout-masks.ts";
import { normal } from "./lora/normal.ts";
import { adapterIn, asFactors, orthogonality, svdGradients, svdParameters } from "./lora/svd-adapter.ts";
import { makeEdit } from "./make-edit.ts";
import { OptionError, readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

export interface AdaloraOptions extends AdaptedSites {
  /** Rank of every adapter. Default 8; 0 changes nothing. "official" takes 12 whatever is said here, as the library does. */
  rank?: number;
  /** The adapter's product counts alpha / rank times. Default 32. */
  alpha?: number;
  /** Share of the adapters' input numbers that a step does not see, from 0 to below 1. Default 0; published: 0.1. */
  dropout?: number;
  /** Adam steps. Default 40; published: 70 (text), 5 (vision-language). */
  steps?: number;
  /** Step size. Default 0.02, as the adapters start at zero and few; published: 0.005 for text, 0.1 for 5 steps on vision-language models. */
  lr?: number;
  /** Weight of the penalty on factors that are not orthonormal. Default 0.5, as published. */
  orthogonality?: number;
  /** No further step is taken once the mean loss, the penalty left out, is below this many nats per token. Default 0.01; 0 never stops. */
  stopBelow?: number;
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
  /** "official": rank 12, as the library ignores the rank that it is given. Default "corrected": the rank as given. */
  variant?: "official" | "corrected";
}

const DEFAULTS = {
  rank: 8,
  alpha: 32,
  dropout: 0,
  steps: 40,
  lr: 0.02,
  orthogonality: 0.5,
  stopBelow: 0.01,
  labels: "answer" as Required<AdaloraOptions>["labels"],
  variant: "corrected" as Required<AdaloraOptions>["variant"],
  targets: ["q_proj", "v_proj"] as readonly string[],
  fromDepth: 0,
  sites: [] as AdaloraOptions["sites"],
};

/** What PEFT starts with before it allocates ranks. */
const OFFICIAL_RANK = 12;
const DEVIATION = 0.02;

/**
 * AdaLoRA's SVD form without its rank allocation, as EasyEdit ships it: trains y += alpha / (rank + 1e-5) (x P) diag(E) Q beside chosen
 * projections, with a penalty on P and Q that are not orthonormal. No step of rank allocation is ever called there, so every adapter keeps
 * its rank, and this is not the AdaLoRA of the paper.
 *
 * P and Q start normal with deviation 0.02, seeded, E at zero. The edit is the factors P and scale diag(E) Q.
 * Source: AdaLoRA (arXiv 2303.10512) as in the PEFT library and EasyEdit (form, penalty and scale reproduced; end token trained, stops early).
 */
export function adalora(given: AdaloraOptions = {}): Editor {
  const options = readOptions("adalora", DEFAULTS, given, ["rank", "steps"]);
  requireKnown("adalora labels", options.labels, ["answer", "answer-only"]);
  requireKnown("adalora variant", options.variant, ["official", "corrected"]);
  if (options.dropout >= 1)
    throw new OptionError(`adalora option "dropout": ${options.dropout} leaves nothing. Choose a share below 1.`);
  return {
    id: "adalora",
    summary: "trains adapters in SVD form with an orthogonality penalty, ranks fixed, as EasyEdit ships AdaLoRA",
    needs: ["forward", "gradients"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, context = {}) {
      requireCases("adalora", cases);
      throwIfCancelled(context.signal, "adalora");
      const sites = adaptedSites("adalora", model, options);
      const rank = options.variant === "official" ? OFFICIAL_RANK : options.rank;
      const examples = editExamples(cases, options.labels);
      const { values, losses } =
        rank === 0 || options.alpha === 0
          ? { losses: [] }
          : await trained(model, sites, examples, { ...options, rank }, context);
      const scale = scaleOf(options.alpha, rank);
      const interventions = !values ? [] : sites.map(({ id: site }) => ({ kind: "low-rank" as const, site, ...asFactors(adapterIn(values, site), scale) })); // prettier-ignore
      return makeEdit(cases, interventions, {
        editor: "adalora",
        model: model.id,
        seed: context.seed ?? 0,
        options: { ...options, rank, sites: sites.map(({ id }) => id) },
        trace: {
          loss: losses,
          norm: changeNorm(interventions),
          ...(values && { penalty: orthogonality(values, sites.map(({ id }) => id)).penalty }), // prettier-ignore
        },
      });
    },
  };
}

/** Guarded against a rank of 0 as in the library. */
const scaleOf = (alpha: number, rank: number) => alpha / (rank + 1e-5);

async function trained(
  model: EditableModel,
  sites: readonly Site[],
  examples: readonly Example[],
  { rank, alpha, dropout, steps, lr, stopBelow, orthogonality: weight }: typeof DEFAULTS,
  { seed = 0, signal, onStep }: EditContext,
): Promise<{ values: Values; losses: number[] }> {
  const stream = random(seed);
  const scale = scaleOf(alpha, rank);
  const ids = sites.map(({ id }) => id);
  const initial: Values = {};
  for (const { id, in: width, out } of sites) {
    const { p, e, q } = svdParameters(id);
    initial[p] = float32(normal(stream, width * rank, DEVIATION), [width, rank]);
    initial[e] = float32(new Float32Array(rank), [rank]);
    initial[q] = float32(normal(stream, rank * out, DEVIATION), [rank, out]);
  }
  const trainables = ids.map((site) => ({ kind: "low-rank" as const, site, masked: dropout > 0 }));
  const objective = await model.objective({ trainables, examples, signal });
  try {
    return await descend(
      "adalora",
      initial,
      async (values) => {
        const fed: Values = dropout > 0 ? dropoutMasks(stream, sites, objective.batch.embeds.dims, dropout) : {};
        for (const id of ids) {
          const [names, { a, b }] = [lowRankParameters(id), asFactors(adapterIn(values, id), scale)];
          Object.assign(fed, { [names.a]: a, [names.b]: b });
        }
        const { loss, gradients } = await objective.evaluate(fed, signal);
        const turned = orthogonality(values, ids).gradients;
        const whole = ids.flatMap((id) => Object.entries(svdGradients(values, id, gradients, scale)));
        return { loss, gradients: Object.fromEntries(whole.map(([name, own]) => [name, plus(own, turned[name], weight)])) }; // prettier-ignore
      },
      {
        optimiser: { kind: "adam", lr },
        steps,
        stopBelow,
        signal,
        onStep: (step, loss) => onStep?.(step, steps, loss),
      },
    );
  } finally {
    await objective.release();
  }
}

const plus = (a: Values[string], b: Values[string] | undefined, weight: number) =>
  b ? float32(a.data.map((value, i) => value + weight * b.data[i]), a.dims) : a; // prettier-ignore
