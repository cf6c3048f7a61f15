import { memitUpdate } from "./closed-forms/memit.ts";
import type { Editor } from "./editor.ts";
import { LOCATE_DEFAULTS, storedAs } from "./locate/locate-options.ts";
import { afterLayer, spreadEditor, type SpreadOptions } from "./locate/spread-editor.ts";

export interface MemitOptions extends SpreadOptions {
  /** Weight of the second moment against the new facts, counted in keys. Default 15; published 15,000 for keys of 11,008 values and more. */
  lambda?: number;
}

export const MEMIT_DEFAULTS = {
  ...LOCATE_DEFAULTS,
  firstDepth: 0.25,
  lastDepth: 0.75,
  sites: [] as readonly string[],
  lambda: 15,
};

/**
 * MEMIT: one optimised vector a case on the residual stream behind the last written layer, spread over the MLPs of some layers, all cases of
 * a batch together: delta_l = (lambda C_l + K K^T)^-1 K R^T with R = (z - h) / layers left, keys and h read again after every layer.
 *
 * Needs a gradient of one vector a case. Source: MEMIT (arXiv 2210.07229), section 4.
 */
export const memit = (given: MemitOptions = {}): Editor =>
  spreadEditor(
    {
      id: "memit",
      summary: "writes many associations at once, spread over the MLPs of some layers",
      defaults: MEMIT_DEFAULTS,
      valueSites: afterLayer("memit"),
      write: async ({ options: { lambda, variant }, covariance, site, keys, residuals }) =>
        memitUpdate({
          keys,
          residuals,
          factor: await covariance.factor(site),
          lambda,
          variant,
          storedAs: storedAs(site),
        }),
    },
    given as Partial<typeof MEMIT_DEFAULTS>,
  );
