import { UserFacingError, throwIfCancelled } from "../errors.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { addTensors } from "../models/combine-edits.ts";
import { adamw } from "../runtime/optimisers/adamw.ts";
import { float32, type Tensor } from "../tensor.ts";
import type { Editor } from "./editor.ts";
import { makeEdit } from "./make-edit.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

/** Cause: the model has no site of the wanted role or name. Handled by: the caller, who names one of the sites listed. */
export class NoSuchSiteError extends UserFacingError {}

export interface FtLlmOptions {
  /** AdamW steps. Default 25. */
  steps?: number;
  /** Step size. Default 0.0025, which suits models of a few million parameters; published runs on 7B models use 1e-4. */
  lr?: number;
  /** Decoupled weight decay towards zero. Default 0.01, the library default that published runs used. */
  weightDecay?: number;
  /** Stop early once the mean loss is below this many nats per token; 0 never stops. Default 0, as published. */
  stopBelow?: number;
  /** Site to train. Default: the MLP down projection of the last layer. */
  site?: string;
}

const DEFAULTS: Required<Omit<FtLlmOptions, "site">> & { site?: string } = {
  steps: 25,
  lr: 0.0025,
  weightDecay: 0.01,
  stopBelow: 0,
  site: undefined,
};

/**
 * FT-LLM: fine-tunes the last MLP down projection on the edited questions, and returns the change of that weight as the edit.
 *
 * Loss: mean over the cases of the mean negative log-likelihood (nats per token) of target and end token. Optimiser: AdamW in float32,
 * no clamp. Needs gradients of one weight. Several cases are fitted together, every step on all of them. On a view with edits in force the
 * training goes on from that view's weight, and the edit is the increment.
 * Source: the FT-LLM baseline of VLKEB and MedMKEB (adapted: in-context labels, end token trained, one projection).
 */
export function ftLlm(given: FtLlmOptions = {}): Editor {
  const options = readOptions("ft-llm", DEFAULTS, given, ["steps"]);
  return {
    id: "ft-llm",
    summary: "fine-tunes the last MLP down projection with AdamW; the edit is a weight delta",
    needs: ["forward", "gradients"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, { seed = 0, signal } = {}) {
      requireCases("ft-llm", cases);
      const site = options.site ?? lastDownProjection(model);
      requireSite(model, site);
      const program = await model.lossProgram([site]);
      const weight = model.weight(site);
      const optimiser = adamw(weight.data.length, options);
      let delta: Tensor<Float32Array> = float32(new Float32Array(weight.data.length), weight.dims);
      const losses: number[] = [];
      for (let step = 0; step < options.steps; step++) {
        let loss = 0;
        let gradient: Tensor<Float32Array> | undefined;
        for (const { image, question, target } of cases) {
          throwIfCancelled(signal, `ft-llm, step ${step + 1} of ${options.steps}`);
          const result = await program.run({ image, question }, target, { [site]: delta });
          loss += result.loss / cases.length;
          const { data, dims } = result.gradients[site];
          gradient = addTensors(
            gradient,
            float32(
              data.map((value) => value / cases.length),
              dims,
            ),
          );
        }
        losses.push(loss);
        if (loss < options.stopBelow) break;
        const change = optimiser.step(gradient!.data, addTensors(weight, delta).data);
        delta = addTensors(delta, float32(change, delta.dims));
      }
      const provenance = {
        editor: "ft-llm",
        model: model.id,
        seed,
        options: { ...options, site },
        trace: { loss: losses },
      };
      return makeEdit(cases, [{ kind: "dense", site, delta }], provenance);
    },
  };
}

/** What exporters call the MLP's output projection. */
const DOWN: readonly string[] = ["mlp.down_proj", "mlp.fc2", "mlp.c_proj"];

function lastDownProjection(model: EditableModel): string {
  const site = model.sites.filter((candidate) => DOWN.includes(candidate.role)).at(-1);
  if (site) return site.id;
  throw new NoSuchSiteError(
    `ft-llm on ${model.id}: the graph shows no MLP down projection. Pass option "site", one of: ${listed(model)}.`,
  );
}

function requireSite(model: EditableModel, site: string): void {
  if (!model.sites.some((candidate) => candidate.id === site))
    throw new NoSuchSiteError(`ft-llm on ${model.id}: there is no site "${site}". Pass one of: ${listed(model)}.`);
}

const listed = (model: EditableModel) => model.sites.map((site) => site.id).join(", ") || "(none found)";
