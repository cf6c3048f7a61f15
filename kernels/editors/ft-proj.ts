import { NoSuchSiteError } from "./default-sites.ts";
import type { Editor } from "./editor.ts";
import { ftEditor, type FtSiteOptions } from "./ft-editor.ts";

/**
 * FT-Proj: fine-tunes the projector between vision encoder and decoder. It changes what the decoder sees of every image, and nothing of what it
 * says without one.
 *
 * Source: FT-Vision of VLKEB for LLaVA, which trains the projector (adapted: step size for small models).
 * Throws: NoSuchSiteError for a model without a projector; TextOnlyError where no case has an image.
 */
export const ftProj = (given: FtSiteOptions = {}): Editor =>
  ftEditor(
    {
      id: "ft-proj",
      summary: "fine-tunes the projector between vision encoder and decoder",
      defaults: { weightDecay: 0.01 },
      sites(model) {
        const found = model.sites.filter(({ role }) => role === "projector").map(({ id }) => id);
        if (found.length) return found;
        throw new NoSuchSiteError(
          `ft-proj on ${model.id}: the graph shows no projector. Take ft-vision, ft-llm, or option "site".`,
        );
      },
    },
    given,
  );
