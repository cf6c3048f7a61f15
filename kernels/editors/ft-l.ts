import { downProjectionAt } from "./default-sites.ts";
import type { Editor } from "./editor.ts";
import { ftEditor, type FtSiteOptions } from "./ft-editor.ts";

/**
 * FT-L: as FT-M, but every word of the target is read from the one distribution at the last token of the prompt, and no weight may change by
 * more than a bound. For targets of one token both objectives are one; of longer targets it teaches a bag of tokens, and the end is not
 * learnt: that is the method, not a fault.
 *
 * The bound of GPT2-XL's configuration, 5e-4, belongs to weights of another size; the default here is 0.02 (0 sets none).
 * Source: FT+L of ROME (arXiv 2202.05262) with the objective "prompt_last" of EasyEdit (reproduced: loss, stopping and bound).
 */
export const ftL = (given: FtSiteOptions = {}): Editor =>
  ftEditor(
    {
      id: "ft-l",
      summary: "fine-tunes one MLP down projection within a bound, all target tokens from one distribution",
      defaults: { stopBelow: 0.01, clamp: 0.02 },
      sites: (model) => [downProjectionAt("ft-l", model, 21 / 31)],
      labels: "prompt-last",
    },
    given,
  );
