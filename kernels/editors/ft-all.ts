import type { Editor } from "./editor.ts";
import { ftEditor, type FtSiteOptions } from "./ft-editor.ts";

/**
 * FT-all: fine-tunes every projection of decoder and vision encoder (of the decoder alone where no case has an image). Embeddings, norms and
 * convolutions stay. With as many parameters a tenth of the step size does.
 *
 * Source: full fine-tuning, the baseline of MMEdit and of FGVEdit (adapted: projections alone).
 */
export const ftAll = (given: FtSiteOptions = {}): Editor =>
  ftEditor(
    {
      id: "ft-all",
      summary: "fine-tunes every projection of the decoder and the vision encoder",
      defaults: { lr: 0.0005, weightDecay: 0.01 },
      sites: (model, cases) =>
        model.sites
          .filter(({ id, kind, layer, role }) => {
            const ofImages = id.startsWith("vision.") || role === "projector";
            return kind === "projection" && (layer >= 0 || ofImages) && (!ofImages || cases.some(({ image }) => image));
          })
          .map(({ id }) => id),
    },
    given,
  );
