import { downProjectionAt } from "./default-sites.ts";
import type { Editor } from "./editor.ts";
import { ftEditor, type FtSiteOptions } from "./ft-editor.ts";

/**
 * FT-LLM: fine-tunes the last MLP down projection on the edited questions, and returns the change of that weight as the edit.
 *
 * Loss: mean over the cases of the mean negative log-likelihood (nats per token) of target and end token. Optimiser: AdamW in float32 with the
 * decay of 0.01 that is the library default and that published runs used; no bound, no early stop. Needs gradients of one weight. Several
 * cases are fitted together, every step on all of them. On a view with edits in force the training goes on from that view's weight, and the
 * edit is the increment.
 * Source: the FT-LLM baseline of VLKEB and MedMKEB (adapted: in-context labels, end token trained, one projection).
 */
export const ftLlm = (given: FtSiteOptions = {}): Editor =>
  ftEditor(
    {
      id: "ft-llm",
      summary: "fine-tunes the last MLP down projection with AdamW; the edit is a weight delta",
      defaults: { weightDecay: 0.01 },
      sites: (model) => [downProjectionAt("ft-llm", model, 1)],
    },
    given,
  );
