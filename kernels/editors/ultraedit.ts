import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { Example } from "../models/example-batch.ts";
import { rowsParameter } from "../models/trainables.ts";
import { requireKnown } from "../nearest-name.ts";
import type { Site } from "../onnx/sites.ts";
import { float32 } from "../tensor.ts";
import { noStatistics } from "./closed-forms/running-statistics.ts";
import { ultraEditStatistics, ultraEditUpdate, type TokenGradients } from "./closed-forms/ultraedit.ts";
import { denseMatrix } from "./closed-forms/weight-update.ts";
import { editExamples } from "./edit-examples.ts";
import { carryStatistics, earlierStatistics } from "./carried-statistics.ts";
import type { EditContext, Editor, Intervention } from "./editor.ts";
import { adaptedSites, type AdaptedSites } from "./lora/adapted-sites.ts";
import { makeEdit } from "./make-edit.ts";
import { OptionError, readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

export interface UltraEditOptions extends AdaptedSites {
  /** Highest layer written, as a share of the depth. Default 1. */
  toDepth?: number;
  /** Step size. Default 0.001, which suits a model of a few million parameters; published: 1e-6. 0 changes nothing. */
  lr?: number;
  /** Cases that go forward and back together. It changes nothing but memory and, under "official", the statistics. Default 10, as published. */
  minibatch?: number;
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
  /** "official": the variance of a minibatch counts once too often in the running statistics. Default "corrected". */
  variant?: "official" | "corrected";
}

const DEFAULTS = {
  targets: ["gate_proj", "up_proj", "gate_up_proj", "fc1", "c_fc"] as readonly string[],
  fromDepth: 2 / 3,
  toDepth: 1,
  sites: [] as UltraEditOptions["sites"],
  lr: 0.001,
  minibatch: 10,
  labels: "answer" as Required<UltraEditOptions>["labels"],
  variant: "corrected" as Required<UltraEditOptions>["variant"],
};

/**
 * UltraEdit: one pass forward and back, then a ridge solution in every layer: delta = (H^T H + I)^-1 H^T V with V = -lr |h^|^2 g^, h^ and g^
 * the inputs and output gradients of all tokens, standardised by statistics that run on over a sequence.
 *
 * Written are the projections into the MLPs of the upper third (Qwen2.5-7B: gate and up of layers 18 to 26 of 28). The statistics are no
 * hidden state: every edit carries those up to itself, and the next takes them from the view's latest UltraEdit edit; they are
 * shared by weights of equal shape. Official minibatches train their padding too; here nothing is padded, so that flaw has no counterpart.
 * Needs gradients, no optimiser. Source: UltraEdit (arXiv 2505.14679); EasyEdit's ultraedit.
 */
export function ultraEdit(given: UltraEditOptions = {}): Editor {
  const options = readOptions("ultraedit", DEFAULTS, given, ["minibatch"]);
  requireKnown("ultraedit labels", options.labels, ["answer", "answer-only"]);
  requireKnown("ultraedit variant", options.variant, ["official", "corrected"]);
  if (options.minibatch < 1)
    throw new OptionError(`ultraedit option "minibatch": ${options.minibatch} cases cannot go together. Choose at least 1.`); // prettier-ignore
  return {
    id: "ultraedit",
    summary: "writes MLP projections by one ridge solution from one backward pass; statistics run on in a sequence",
    needs: ["forward", "hidden states", "gradients"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, context = {}) {
      requireCases("ultraedit", cases);
      throwIfCancelled(context.signal, "ultraedit");
      const sites = upTo(options.toDepth, model, adaptedSites("ultraedit", model, options), options.sites);
      const batches = await collect(model, sites, cases, options, context);
      const statistics = earlierStatistics(model.edits);
      for (const batch of batches)
        for (const [i, { in: width, out }] of sites.entries()) {
          const shape = shapeOf(sites[i]);
          const before = statistics.get(shape) ?? noStatistics(width + out);
          statistics.set(shape, ultraEditStatistics(before, batch.tokens[i], options.variant));
        }
      const updates = sites.map((site, i) => {
        throwIfCancelled(context.signal, "ultraedit");
        return ultraEditUpdate(joined(batches.map(({ tokens }) => tokens[i])), statistics.get(shapeOf(site))!, options.lr); // prettier-ignore
      });
      const interventions = options.lr === 0 ? [] : updates.map((update, i): Intervention => ({ ...update, site: sites[i].id })); // prettier-ignore
      const provenance = {
        editor: "ultraedit",
        model: model.id,
        seed: context.seed ?? 0,
        options: { ...options, sites: sites.map(({ id }) => id) },
        trace: {
          loss: [batches.reduce((sum, { loss }) => sum + loss, 0) / cases.length],
          norm: Math.hypot(...updates.map((update) => denseMatrix(update).norm("frobenius"))),
        },
      };
      return makeEdit(cases, interventions, provenance, { carried: carryStatistics(statistics) });
    },
  };
}

function upTo(depth: number, model: EditableModel, sites: Site[], named?: readonly string[]): Site[] {
  if (named?.length) return sites;
  const last = Math.max(...model.sites.filter(({ id }) => !id.startsWith("vision.")).map(({ layer }) => layer));
  return sites.filter(({ layer }) => layer <= Math.round(depth * last));
}

/** Inputs and output gradients of all tokens of each minibatch, by site, and the sum of the cases' losses (nats per token). */
async function collect(
  model: EditableModel,
  sites: readonly Site[],
  cases: readonly EditCase[],
  { minibatch, labels }: typeof DEFAULTS,
  { signal, onStep }: EditContext,
): Promise<{ loss: number; tokens: TokenGradients[] }[]> {
  const trainables = sites.map(({ id: site }) => ({ kind: "rows" as const, site }));
  const taps = sites.map(({ id: site }) => ({ site, of: "input" as const }));
  const parts: EditCase[][] = [];
  for (let at = 0; at < cases.length; at += minibatch) parts.push(cases.slice(at, at + minibatch));
  const batches: { loss: number; tokens: TokenGradients[] }[] = [];
  for (const part of parts) {
    throwIfCancelled(signal, "ultraedit: gradients");
    // Every case counts whole, so that it does not matter which others share its minibatch.
    const examples = editExamples(part, labels).map((example) => ({ ...example, weight: 1 }));
    const objective = await model.objective({ trainables, examples, signal });
    try {
      const [count, length] = objective.batch.embeds.dims;
      const zeros = sites.map(({ id, out }) => [rowsParameter(id), float32(new Float32Array(count * length * out), [count, length, out])] as const); // prettier-ignore
      const { loss, gradients } = await objective.evaluate(Object.fromEntries(zeros), signal);
      const own: TokenGradients[][] = sites.map(() => []);
      for (const [e, { image, question, target }] of part.entries()) {
        const { values } = await model.states({ image, question }, taps, { answer: target, signal });
        values.forEach((keys, i) => {
          const { data, dims } = gradients[rowsParameter(sites[i].id)];
          const start = e * length * dims[2];
          // Nothing is said behind the end token, whose row the states do not have.
          const rows = float32(data.slice(start, start + keys.dims[0] * dims[2]), [keys.dims[0], dims[2]]);
          own[i].push({ keys, gradients: rows });
        });
      }
      batches.push({ loss, tokens: own.map(joined) });
      onStep?.(batches.length, parts.length, loss / part.length);
    } finally {
      await objective.release();
    }
  }
  return batches;
}

/** The tokens of several texts as those of one. */
function joined(parts: readonly TokenGradients[]): TokenGradients {
  if (parts.length === 1) return parts[0];
  const below = (pick: (part: TokenGradients) => TokenGradients["keys"]) => {
    const rows = parts.reduce((sum, part) => sum + pick(part).dims[0], 0);
    const width = pick(parts[0]).dims[1];
    const data = new Float32Array(rows * width);
    let at = 0;
    for (const part of parts) {
      data.set(pick(part).data, at);
      at += pick(part).data.length;
    }
    return float32(data, [rows, width]);
  };
  return { keys: below((part) => part.keys), gradients: below((part) => part.gradients) };
}

const shapeOf = ({ in: width, out }: Site) => `${width}x${out}`;
