import { alphaEditUpdate } from "./closed-forms/alphaedit.ts";
import type { Carried } from "../models/edit.ts";
import type { Editor } from "./editor.ts";
import { carriedKeys, carryKeys } from "./locate/carried-keys.ts";
import { storedAs } from "./locate/locate-options.ts";
import { afterLayer, keysIn, spreadEditor, type SpreadOptions } from "./locate/spread-editor.ts";
import { MEMIT_DEFAULTS } from "./memit.ts";

export interface AlphaEditOptions extends SpreadOptions {
  /** Directions whose second moment lies below this are free to write to. Default 0.02, as published. */
  threshold?: number;
  /** Weight of the update's size. Default 1, as published for Llama-3 and Qwen2.5; 10 (GPT2-XL, GPT-J). */
  ridge?: number;
}

const { lambda: _, ...SHARED } = MEMIT_DEFAULTS;
const DEFAULTS = { ...SHARED, threshold: 0.02, ridge: 1 };

/**
 * AlphaEdit: MEMIT inside the null space of what is preserved, delta = (P (K K^T + M) + ridge I)^-1 P K R^T: a key of the corpus that lies
 * outside the free directions is mapped as before.
 *
 * M, the keys of earlier batches of a sequence, is no hidden state: each edit carries its keys, read again from the edited model
 * (`carryKeys`), and M is the sum over the view's own edits. Single edits so never see each other.
 * With the identity as covariance no direction is taken and P is the identity.
 * Source: AlphaEdit (arXiv 2410.02355).
 */
export const alphaEdit = (given: AlphaEditOptions = {}): Editor =>
  spreadEditor(
    {
      id: "alphaedit",
      summary: "MEMIT inside the null space of preserved keys; keeps earlier edits of a sequence",
      defaults: DEFAULTS,
      valueSites: afterLayer("alphaedit"),
      write: async ({ options: { threshold, ridge, variant }, covariance, model, site, keys, residuals }) =>
        alphaEditUpdate({
          keys,
          residuals,
          nullSpace: await covariance.nullSpace(site, threshold),
          cache: carriedKeys(model.edits, "alphaedit", site, keys.dims[1]),
          ridge,
          variant,
          storedAs: storedAs(site),
        }),
      async carry(call, model, view, cases, sites) {
        const keys = await keysIn(call, view, cases, sites);
        return Object.assign(
          {},
          ...sites.map((site, i) => carryKeys(model.edits, "alphaedit", site, keys[i])),
        ) as Carried;
      },
    },
    given as Partial<typeof DEFAULTS>,
  );
