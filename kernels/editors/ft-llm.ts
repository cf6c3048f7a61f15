import { throwIfCancelled } from "../errors.ts";
import { downProjectionAt, requireSite } from "./default-sites.ts";
import type { Editor } from "./editor.ts";
import { fineTune } from "./fine-tune.ts";
import { makeEdit } from "./make-edit.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";

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
    async edit(model, cases, context = {}) {
      requireCases("ft-llm", cases);
      throwIfCancelled(context.signal, "ft-llm");
      const site = requireSite("ft-llm", model, options.site ?? downProjectionAt("ft-llm", model, 1));
      const { steps, lr, weightDecay, stopBelow } = options;
      const { interventions, losses } = await fineTune(
        model,
        cases,
        { sites: [site], optimiser: { kind: "adamw", lr, weightDecay }, steps, stopBelow },
        context,
      );
      const provenance = {
        editor: "ft-llm",
        model: model.id,
        seed: context.seed ?? 0,
        options: { ...options, site },
        trace: { loss: losses },
      };
      return makeEdit(cases, interventions, provenance);
    },
  };
}
