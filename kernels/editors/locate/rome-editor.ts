import { throwIfCancelled } from "../../errors.ts";
import type { Edit, SiteId } from "../../models/edit.ts";
import { float32, type Tensor } from "../../tensor.ts";
import { romeUpdate, rRomeUpdate } from "../closed-forms/rome.ts";
import { downProjectionBelowLast, requireSite } from "../default-sites.ts";
import type { Editor, Intervention } from "../editor.ts";
import { makeEdit } from "../make-edit.ts";
import { requireCases } from "../require-cases.ts";
import { atKey, rowOf, stacked } from "./at-key.ts";
import { changeNorm } from "./change-norm.ts";
import { covarianceOf } from "./covariance.ts";
import { factValue } from "./fact-value.ts";
import { LOCATE_DEFAULTS, locateNeeds, type LocateOptions, readLocateOptions, storedAs } from "./locate-options.ts";
import { sampledContexts } from "./sampled-contexts.ts";

export interface RomeOptions extends LocateOptions {
  /** Which down projection, as a share of the depth: 0 the first layer, 1 the last. Published 0.16 (Llama-2) and 0.36 (GPT2-XL). */
  depth?: number;
  /** Site to write instead. */
  site?: SiteId;
}

export const ROME_DEFAULTS = { ...LOCATE_DEFAULTS, depth: 0.36, site: undefined as SiteId | undefined };

/** What ROME and R-ROME share: one value, one key, one rank-one change of one weight; several cases are written one after another. */
export function romeEditor(id: "rome" | "r-rome", summary: string, given: RomeOptions): Editor {
  const options = readLocateOptions(id, ROME_DEFAULTS as Required<RomeOptions>, given);
  return {
    id,
    summary,
    needs: locateNeeds(options),
    takes: ["sequence"],
    options: { ...options },
    async edit(model, cases, context = {}) {
      requireCases(id, cases);
      const { signal, seed = 0 } = context;
      throwIfCancelled(signal, id);
      const site = requireSite(id, model, options.site ?? downProjectionBelowLast(id, model, options.depth));
      const contexts = await sampledContexts(id, model, options.contexts, { seed, signal });
      const call = { editor: id, options, contexts, context };
      const covariance = await covarianceOf(call, model, [site]);
      const factor = covariance.name === "identity" ? undefined : await covariance.factor(site);
      const interventions: Intervention[] = [];
      const trace: Record<string, number | number[] | string> = { covariance: covariance.name };
      if (contexts.length) trace.contexts = JSON.stringify(contexts);
      const losses: number[] = [];
      const edit = (): Edit => {
        const provenance = { editor: id, model: model.id, seed, options: { ...options, site } };
        const measured = { ...trace, loss: [...losses], norm: changeNorm(interventions) };
        return makeEdit(cases, [...interventions], { ...provenance, trace: measured });
      };
      for (const [i, fact] of cases.entries()) {
        const view = i ? model.with(edit()) : model;
        const found = await factValue(call, view, fact, [site], {}, (loss) => {
          losses.push(loss);
          context.onStep?.(losses.length, options.steps * cases.length, loss);
        });
        trace.row = found.row;
        if (found.words) trace.words = found.words;
        const [delta] = found.deltas;
        if (delta.every((value) => value === 0)) continue;
        const target = float32(found.start[0].map((value, j) => value + delta[j]), [delta.length]); // prettier-ignore
        const [all, seen] = (
          await atKey(call, view, fact, [
            { site, of: "input" },
            { site, of: "output" },
          ])
        ).values;
        const settings = { target, factor, variant: options.variant, storedAs: storedAs(site) };
        const { a, b } =
          id === "rome"
            ? romeUpdate({ ...settings, directionKeys: all, keys: first(all), outputs: first(seen) })
            : rRomeUpdate({ ...settings, keys: all, outputs: seen });
        interventions.push({ kind: "low-rank", site, a, b });
      }
      return edit();
    },
  };
}

const first = (rows: Tensor<Float32Array>) => stacked([rowOf(rows, 0)]);
