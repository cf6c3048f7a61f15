import { DOWN_ROLES, UP_ROLES } from "../models/with-sides.ts";
import { NoSuchSiteError } from "./default-sites.ts";
import type { Editor } from "./editor.ts";
import { ftEditor, type FtSiteOptions } from "./ft-editor.ts";

/**
 * FT-Vision: fine-tunes the MLP of the vision encoder's last block. It changes how every image is seen, and nothing of what is said without one.
 *
 * Source: FT-Vision of VLKEB for Qwen-VL, which trains that MLP (adapted: weights without biases, step size for small models).
 * Throws: NoSuchSiteError for a model without a vision encoder; TextOnlyError where no case has an image.
 */
export const ftVision = (given: FtSiteOptions = {}): Editor =>
  ftEditor(
    {
      id: "ft-vision",
      summary: "fine-tunes the MLP of the vision encoder's last block",
      defaults: { weightDecay: 0.01, steps: 50 },
      sites(model) {
        const mlp = model.sites.filter(
          ({ id, role }) => id.startsWith("vision.") && [...UP_ROLES, ...DOWN_ROLES].includes(role),
        );
        const last = Math.max(...mlp.map(({ layer }) => layer));
        if (mlp.length) return mlp.filter(({ layer }) => layer === last).map(({ id }) => id);
        throw new NoSuchSiteError(
          `ft-vision on ${model.id}: the graph shows no MLP of a vision encoder. Take ft-proj, ft-llm, or option "site".`,
        );
      },
    },
    given,
  );
