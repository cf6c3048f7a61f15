import type { EditCase } from "../../../datasets/case.ts";
import { throwIfCancelled } from "../../errors.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import type { Carried, SiteId } from "../../models/edit.ts";
import type { Tensor } from "../../tensor.ts";
import type { LowRankUpdate } from "../closed-forms/weight-update.ts";
import type { Editor, Intervention } from "../editor.ts";
import { makeEdit } from "../make-edit.ts";
import { requireCases } from "../require-cases.ts";
import { stacked } from "./at-key.ts";
import { changeNorm } from "./change-norm.ts";
import { type Covariance, covarianceOf } from "./covariance.ts";
import { editedLayers, inLayerOf, type LayerOptions } from "./edited-layers.ts";
import { type FactRules, factValue } from "./fact-value.ts";
import {
  type LocateCall,
  locateNeeds,
  type LocateOptions,
  type LocateSettings,
  readLocateOptions,
} from "./locate-options.ts";
import { sampledContexts } from "./sampled-contexts.ts";
import { keysOf, spreadOver, type Targets } from "./spread-over.ts";

/** Options of the editors that write several layers. */
export type SpreadOptions = LocateOptions & LayerOptions;
export type SpreadDefaults = LocateSettings & Required<LayerOptions>;

/** What one layer's write is given. */
export interface LayerWrite<T> {
  options: T;
  covariance: Covariance;
  /** The view that is edited, with its edits. */
  model: EditableModel;
  site: SiteId;
  /** [facts, in] */
  keys: Tensor<Float32Array>;
  /** [facts, out] */
  residuals: Tensor<Float32Array>;
}

export interface SpreadMethod<T extends SpreadDefaults> {
  id: string;
  summary: string;
  defaults: T;
  /** Where the value is optimised, given the last layer that is written: the first of them is what the layers' writes add up to. */
  valueSites(model: EditableModel, last: SiteId): SiteId[];
  rules?: FactRules;
  spread?: "linear" | "sqrt";
  write(layer: LayerWrite<T>): Promise<LowRankUpdate>;
  /** What the edit carries for the next one, given the model that was edited and the view in which its changes are in force. */
  carry?(call: LocateCall<T>, model: EditableModel, view: EditableModel, cases: readonly EditCase[], sites: readonly SiteId[]): Promise<Carried>; // prettier-ignore
}

/** What MEMIT, PMET, EMMET and AlphaEdit share: a value for each case, and its write spread over some layers, lowest first. */
export function spreadEditor<T extends SpreadDefaults>(method: SpreadMethod<T>, given: Partial<T>): Editor {
  const { id, summary, defaults, rules, spread } = method;
  const options = readLocateOptions(id, defaults, given);
  return {
    id,
    summary,
    needs: locateNeeds(options),
    takes: ["batch", "sequence"],
    options: { ...options },
    async edit(model, cases, context = {}) {
      requireCases(id, cases);
      const { signal, seed = 0 } = context;
      throwIfCancelled(signal, id);
      const sites = editedLayers(id, model, options);
      const places = method.valueSites(model, sites.at(-1)!);
      const contexts = await sampledContexts(id, model, options.contexts, { seed, signal });
      const call = { editor: id, options, contexts, context };
      const covariance = await covarianceOf(call, model, sites);
      const losses: number[][] = [];
      const rows: number[] = [];
      const words: string[] = [];
      const targets: Targets = { site: places[0], starts: [], deltas: [] };
      let passes = 0;
      for (const fact of cases) {
        const found = await factValue(call, model, fact, places, rules, (loss) =>
          context.onStep?.(++passes, options.steps * cases.length, loss),
        );
        losses.push(found.losses);
        rows.push(found.row);
        if (found.words) words.push(found.words);
        targets.starts.push(found.start[0]);
        targets.deltas.push(found.deltas[0]);
      }
      const provenance = {
        editor: id,
        model: model.id,
        seed,
        options: { ...options, sites },
        trace: {
          covariance: covariance.name,
          loss: meanCurve(losses),
          row: cases.length > 1 ? rows : rows[0],
          ...(words.length && { words: words.join("; ") }),
          ...(contexts.length && { contexts: JSON.stringify(contexts) }),
        },
      };
      const made = (steps: Intervention[]) => makeEdit(cases, steps, provenance);
      const nothing = targets.deltas.every((delta) => delta.every((value) => value === 0));
      const steps = nothing
        ? []
        : await spreadOver(call, model, cases, { sites, targets, spread }, {
            with: (steps) => model.with(made(steps)),
            write: (layer) => method.write({ ...layer, options, covariance, model }),
          }); // prettier-ignore
      const carried = steps.length
        ? await method.carry?.(call, model, model.with(made(steps)), cases, sites)
        : undefined;
      const trace = { ...provenance.trace, norm: changeNorm(steps) };
      return makeEdit(cases, steps, { ...provenance, trace }, { carried });
    },
  };
}

/** Values are optimised on the residual stream behind the last written layer. */
export const afterLayer =
  (id: string) =>
  (model: EditableModel, last: SiteId): SiteId[] => [inLayerOf(id, model, last, "output")];

/** The keys that an edit's facts have in a view, site by site: [facts, in]. */
export async function keysIn(
  call: LocateCall,
  view: EditableModel,
  cases: readonly EditCase[],
  sites: readonly SiteId[],
): Promise<Tensor<Float32Array>[]> {
  const taps = sites.map((site) => ({ site, of: "input" as const }));
  const keys: Float32Array[][] = sites.map(() => []);
  for (const fact of cases) (await keysOf(call, view, fact, taps)).keys.forEach((key, i) => keys[i].push(key));
  return keys.map(stacked);
}

/** Mean over the facts pass by pass; a fact that is finished counts with its last loss. */
function meanCurve(curves: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...curves.map(({ length }) => length));
  return Array.from({ length: longest }, (_, pass) => {
    const at = curves.map((curve) => curve[Math.min(pass, curve.length - 1)]);
    return at.reduce((sum, loss) => sum + loss, 0) / at.length;
  });
}
