import type { EditCase } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { SiteId } from "../models/edit.ts";
import type { Editor } from "./editor.ts";
import { fineTune } from "./fine-tune.ts";
import { FT_DEFAULTS, type FtOptions } from "./ft-options.ts";
import { makeEdit } from "./make-edit.ts";
import { readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";
import { requireSite } from "./default-sites.ts";
import { requireKnown } from "../nearest-name.ts";

/** Options of a fine-tuning editor with a choice of places. */
export interface FtSiteOptions extends FtOptions {
  /** Site to train, instead of the editor's own choice. */
  site?: SiteId;
}

export interface FtMethod {
  id: string;
  summary: string;
  defaults?: Partial<FtOptions>;
  /** Where it trains. Throws: NoSuchSiteError. */
  sites(model: EditableModel, cases: readonly EditCase[]): SiteId[];
  /** Labels that the method is made of; then `labels` is not an option. */
  labels?: "prompt-last";
}

const LABELS = ["answer", "answer-only"] as const;

/**
 * An editor that trains weights on the edited questions, all cases in one batch, and returns their changes: what the fine-tuning baselines have
 * in common. Throws: UnknownNameError, OptionError.
 */
export function ftEditor({ id, summary, defaults, sites, labels }: FtMethod, given: FtSiteOptions): Editor {
  const options = readOptions(id, { ...FT_DEFAULTS, ...defaults, site: undefined as SiteId | undefined }, given, [
    "steps",
  ]);
  requireKnown(`${id} labels`, options.labels, LABELS);
  return {
    id,
    summary,
    needs: ["forward", "gradients"],
    takes: ["batch", "sequence"],
    options,
    async edit(model, cases, context = {}) {
      requireCases(id, cases);
      throwIfCancelled(context.signal, id);
      const places = options.site === undefined ? sites(model, cases) : [requireSite(id, model, options.site)];
      const { steps, lr, weightDecay, stopBelow, clamp } = options;
      const optimiser = { kind: "adamw" as const, lr, weightDecay };
      const bound = clamp === 0 ? undefined : clamp;
      const { interventions, losses } = await fineTune(
        model,
        cases,
        { sites: places, optimiser, steps, stopBelow, clamp: bound, labels: labels ?? options.labels },
        context,
      );
      return makeEdit(cases, interventions, {
        editor: id,
        model: model.id,
        seed: context.seed ?? 0,
        options: { ...options, sites: places },
        trace: { loss: losses },
      });
    },
  };
}
