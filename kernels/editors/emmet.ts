import { emmetUpdate } from "./closed-forms/emmet.ts";
import type { Editor } from "./editor.ts";
import { LOCATE_DEFAULTS, storedAs } from "./locate/locate-options.ts";
import { afterLayer, spreadEditor, type SpreadOptions } from "./locate/spread-editor.ts";

export interface EmmetOptions extends SpreadOptions {
  /** Factor of the second moment. Default 1; published 100,000 (10,000 for GPT2-XL), whose only effect is through `ridge`. */
  scale?: number;
  /** Added to the diagonal of K^T C'^-1 K. Default 0.1, as released; 0 gives every key its value exactly. */
  ridge?: number;
}

const DEFAULTS = {
  ...LOCATE_DEFAULTS,
  firstDepth: 0.36,
  lastDepth: 0.36,
  sites: [] as readonly string[],
  scale: 1,
  ridge: 0.1,
};

/**
 * EMMET: a batch form of ROME; every key is to get its value, and among the changes that do so the one that least disturbs other keys is
 * taken: delta = C'^-1 K (K^T C'^-1 K + ridge I)^-1 R^T, at one layer.
 *
 * Source: EMMET (arXiv 2403.14236).
 */
export const emmet = (given: EmmetOptions = {}): Editor =>
  spreadEditor(
    {
      id: "emmet",
      summary: "ROME for batches: every key of the batch gets its value, at one layer",
      defaults: DEFAULTS,
      valueSites: afterLayer("emmet"),
      write: async ({ options: { scale, ridge, variant }, covariance, site, keys, residuals }) =>
        emmetUpdate({ keys, residuals, factor: await covariance.factor(site, { scale }), ridge, variant, storedAs: storedAs(site) }), // prettier-ignore
    },
    given as Partial<typeof DEFAULTS>,
  );
