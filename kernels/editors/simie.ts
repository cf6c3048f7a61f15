import { throwIfCancelled } from "../errors.ts";
import type { EditableModel } from "../models/editable-model.ts";
import type { SiteId } from "../models/edit.ts";
import { float32, type Tensor } from "../tensor.ts";
import { denseMatrix } from "./closed-forms/weight-update.ts";
import type { GramSolver } from "./closed-forms/key-gram.ts";
import { simieStep } from "./closed-forms/simie.ts";
import type { Editor, Intervention } from "./editor.ts";
import type { EditCase } from "../../datasets/case.ts";
import { carriedKeys, carryKeys } from "./locate/carried-keys.ts";
import { makeEdit } from "./make-edit.ts";
import { OptionError, readOptions } from "./read-options.ts";
import { requireCases } from "./require-cases.ts";
import { weightWriter, type WeightWriter } from "./weight-writers.ts";
import { writtenAt } from "./written-at.ts";

export interface SimieWrapperOptions {
  /** The weight writer that is wrapped. Default "memit". */
  inner?: WeightWriter;
  /** Its options. Default none. */
  innerOptions?: object;
  /**
   * Weight of the identity beside the sum of k k^T: keys that are weaker are hardly written. At 0 all that the keys see of the wrapped editor's
   * change is written, and less the larger it is. Default 1, as the authors' own command has it (its example, MEMIT on Llama-2, passes 10); EasyEdit's
   * configurations, all around ROME, have 10,000.
   */
  lambda?: number;
  /** The wrapped editor starts from the model without the sequence at every step (true, as in EasyEdit), or from where the sequence stands (the authors' command). */
  restart?: boolean;
  /** How the system is solved; all agree up to rounding. Default "keys", among the tokens while they are fewer than a key's values. */
  solver?: GramSolver;
}

const DEFAULTS: Required<SimieWrapperOptions> = {
  inner: "memit",
  innerOptions: {},
  lambda: 1,
  restart: true,
  solver: "keys",
};

/**
 * SimIE around any weight writer, for sequences: of what the wrapped editor wrote, the step takes that part which the keys of prompt and
 * target ask for, against the keys of all steps before: W_t = W_(t-1) + (W_edit - W_(t-1)) K K^T M^-1, M = lambda I + sum of K K^T.
 *
 * The sequence is no hidden state: each edit carries its keys (`carryKeys`), and what all steps wrote is the
 * sum of the view's own SimIE edits. Edits of other editors in the view count as the model itself.
 * Source: "Towards Lifelong Model Editing via Simulating Ideal Editor" (ICML 2025); EasyEdit's simie (see closed-forms/simie.ts).
 */
export function simie(given: SimieWrapperOptions = {}): Editor {
  const options = readOptions("simie", DEFAULTS, given);
  const inner = weightWriter("simie inner", options.inner, options.innerOptions);
  return {
    id: "simie",
    summary: "wraps a weight writer for sequences: keeps of its change what the edited keys ask for",
    needs: [...new Set([...inner.needs, "hidden states" as const])],
    takes: inner.takes,
    options: { ...options, innerOptions: inner.options },
    async edit(model, cases, context = {}) {
      requireCases("simie", cases);
      const { signal, seed = 0 } = context;
      throwIfCancelled(signal, "simie");
      const earlier = model.edits.filter(({ editor }) => editor === "simie");
      const start = options.restart && earlier.length ? without(model, earlier.map(({ id }) => id)) : model; // prettier-ignore
      const made = await inner.edit(start, cases, context);
      const before = writtenAt(earlier.flatMap((each) => each.interventions));
      const interventions: Intervention[] = [];
      const carried: Record<string, Tensor> = {};
      let norm = 0;
      for (const [site, written] of writtenAt(made.interventions)) {
        const keys = await keysAt(model, site, cases, signal);
        const gram = carriedKeys(model.edits, "simie", site, keys.dims[1], signal);
        const { update } = simieStep({ gram, written: before.get(site) }, { keys, written }, options);
        norm = Math.hypot(norm, denseMatrix(update).norm("frobenius"));
        interventions.push({ ...update, site });
        Object.assign(carried, carryKeys(model.edits, "simie", site, keys));
      }
      const provenance = {
        editor: "simie",
        model: model.id,
        seed,
        options: { ...options, innerOptions: made.provenance.options },
        trace: { ...made.provenance.trace, inner: made.id, norm },
      };
      return makeEdit(cases, interventions, provenance, { carried });
    },
  };
}

/** The view without some of its edits. */
function without(model: EditableModel, ids: string[]): EditableModel {
  const nothing = { editor: "simie", model: model.id, seed: 0, options: {} };
  return model.with(makeEdit([], [], nothing, { supersedes: ids }));
}

/** Inputs of a site at all tokens of prompts and targets, [tokens, in]. */
async function keysAt(model: EditableModel, site: SiteId, cases: readonly EditCase[], signal?: AbortSignal) {
  if (site.startsWith("vision."))
    throw new OptionError(
      `simie: the wrapped editor writes ${site}, and keys are read in the decoder alone. Choose an inner editor that writes the decoder.`,
    );
  const rows: Tensor<Float32Array>[] = [];
  for (const { image, question, target } of cases) {
    throwIfCancelled(signal, "simie: reading keys");
    rows.push((await model.states({ image, question }, [{ site, of: "input" }], { answer: target, signal })).values[0]);
  }
  const width = rows[0].dims[1];
  const tokens = rows.reduce((sum, { dims }) => sum + dims[0], 0);
  const data = new Float32Array(tokens * width);
  let at = 0;
  for (const row of rows) {
    data.set(row.data, at);
    at += row.data.length;
  }
  return float32(data, [tokens, width]);
}
