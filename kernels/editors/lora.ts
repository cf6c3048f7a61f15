import { throwIfCancelled } from "../errors.ts";
import type { Values } from "../models/edit-objective.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { Example } from "../models/example-batch.ts";
import { lowRankParameters } from "../models/trainables.ts";
import type { Site } from "../onnx/sites.ts";
import type { OptimiserOptions } from "../runtime/optimisers/optimiser.ts";
import { requireKnown } from "../nearest-name.ts";
import { random } from "../random.ts";
import { float32 } from "../tensor.ts";
import { descend } from "./descend.ts";
import type { EditContext, Editor, Intervention } from "./editor.ts";
import { editExamples } from "./edit-examples.ts";
import { adaptedSites, type AdaptedSites } from "./lora/adapted-sites.ts";
import { dropoutMasks } from "./lora/dropout-masks.ts";
import { changeNorm } from "./locate/change-norm.ts";
import { makeEdit } from "./make-edit.ts";
import { OptionError, readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

export interface LoraOptions extends AdaptedSites {
  /** Rank of every adapter. Default 8; 0 changes nothing. */
  rank?: number;
  /** The adapter's product counts alpha / rank times. Default 32; 0 changes nothing. */
  alpha?: number;
  /** Share of the adapters' input numbers that a step does not see, from 0 to below 1. Default 0 (published: 0.1 over 70 steps). */
  dropout?: number;
  /** Adam steps. Default 30; published: 70 (text), 5 (vision-language). */
  steps?: number;
  /** Step size. Default 0.005, as published for text; 0.1 for 5 steps on vision-language models. */
  lr?: number;
  /** Decoupled decay of the factors. Default 0. */
  weightDecay?: number;
  /** No further step is taken once the mean loss is below this many nats per token. Default 0.01; 0 never stops. */
  stopBelow?: number;
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
}

const DEFAULTS = {
  rank: 8,
  alpha: 32,
  dropout: 0,
  steps: 30,
  lr: 0.005,
  weightDecay: 0,
  stopBelow: 0.01,
  labels: "answer" as Required<LoraOptions>["labels"],
  targets: ["q_proj", "v_proj"] as readonly string[],
  fromDepth: 0,
  sites: [] as LoraOptions["sites"],
};

/**
 * LoRA: trains low-rank factors beside chosen projections, y += (alpha / rank) (x A) B, all cases in one batch, and returns the factors.
 *
 * A starts uniform in +-1/sqrt(in), seeded, B at zero. The factor alpha / rank is divided among both, with step size, decay and Adam's
 * epsilon scaled to match, so that the steps are those of the usual form. Dropout draws new masks at every step from the same seed.
 * Source: LoRA (arXiv 2106.09685); settings of EasyEdit (adapted: plain adapters; end token trained; stops early).
 */
export function lora(given: LoraOptions = {}): Editor {
  const options = readOptions("lora", DEFAULTS, given, ["rank", "steps"]);
  requireKnown("lora labels", options.labels, ["answer", "answer-only"]);
  if (options.dropout >= 1)
    throw new OptionError(`lora option "dropout": ${options.dropout} leaves nothing. Choose a share below 1.`);
  return {
    id: "lora",
    summary: "trains low-rank adapters beside the query and value projections; the edit is their factors",
    needs: ["forward", "gradients"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, context = {}) {
      requireCases("lora", cases);
      throwIfCancelled(context.signal, "lora");
      const sites = adaptedSites("lora", model, options);
      const examples = editExamples(cases, options.labels);
      const { interventions, losses } =
        options.rank === 0 || options.alpha === 0
          ? { interventions: [], losses: [] }
          : await trained(model, sites, examples, options, context);
      return makeEdit(cases, interventions, {
        editor: "lora",
        model: model.id,
        seed: context.seed ?? 0,
        options: { ...options, sites: sites.map(({ id }) => id) },
        trace: { loss: losses, norm: changeNorm(interventions) },
      });
    },
  };
}

async function trained(
  model: EditableModel,
  sites: readonly Site[],
  examples: readonly Example[],
  { rank, alpha, dropout, steps, lr, weightDecay, stopBelow }: typeof DEFAULTS,
  { seed = 0, signal, onStep }: EditContext,
): Promise<{ interventions: Intervention[]; losses: number[] }> {
  const stream = random(seed);
  const share = Math.sqrt(alpha / rank);
  const initial: Values = {};
  for (const { id, in: width, out } of sites) {
    const { a, b } = lowRankParameters(id);
    const bound = share / Math.sqrt(width);
    initial[a] = float32(Float32Array.from({ length: width * rank }, () => stream.between(-bound, bound)), [width, rank]); // prettier-ignore
    initial[b] = float32(new Float32Array(rank * out), [rank, out]);
  }
  const trainables = sites.map(({ id: site }) => ({ kind: "low-rank" as const, site, masked: dropout > 0 }));
  const objective = await model.objective({ trainables, examples, signal });
  try {
    // Each factor is `share` times the usual one: so are its steps, and its gradients the inverse.
    const optimiser: OptimiserOptions = { kind: "adamw", lr: lr * share, weightDecay: weightDecay / share, eps: 1e-8 / share }; // prettier-ignore
    const settings = {
      optimiser,
      steps,
      stopBelow,
      signal,
      onStep: (step: number, loss: number) => onStep?.(step, steps, loss),
    };
    const masks = () => dropoutMasks(stream, sites, objective.batch.embeds.dims, dropout);
    const { values, losses } =
      dropout > 0
        ? await descend("lora", initial, (at) => objective.evaluate({ ...at, ...masks() }, signal), settings)
        : await objective.fit(initial, settings);
    const interventions = sites.map(({ id: site }): Intervention => {
      const { a, b } = lowRankParameters(site);
      return { kind: "low-rank", site, a: values[a], b: values[b] };
    });
    return { interventions, losses };
  } finally {
    await objective.release();
  }
}
