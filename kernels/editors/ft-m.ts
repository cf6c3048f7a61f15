import { downProjectionAt } from "./default-sites.ts";
import type { Editor } from "./editor.ts";
import { ftEditor, type FtSiteOptions } from "./ft-editor.ts";

/**
 * FT-M: fine-tunes one MLP down projection two thirds up the decoder (layer 21 of 32) on the tokens of the target, each predicted from those
 * before it, until the mean loss is below 0.01 nats or 25 steps are taken. Adam, no decay, no bound.
 *
 * Source: FT with the objective "target_new" of EasyEdit (adapted: word boundary and end token are trained too, see `labels`).
 */
export const ftM = (given: FtSiteOptions = {}): Editor =>
  ftEditor(
    {
      id: "ft-m",
      summary: "fine-tunes one MLP down projection in the middle on the target's tokens; the edit is a weight delta",
      defaults: { stopBelow: 0.01 },
      sites: (model) => [downProjectionAt("ft-m", model, 21 / 31)],
    },
    given,
  );
