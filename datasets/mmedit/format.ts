import type { VisualFormat } from "../visual-edit/format.ts";
import { sharedFields } from "../visual-edit/shared-fields.ts";
import { SHARED_FIELDS, type VisualEdit } from "../visual-edit/visual-edit.ts";
import { layout } from "./layout.ts";

const KNOWN = new Set<string>(SHARED_FIELDS);

/**
 * MMEdit: E-VQA, and E-IC in the splits named "caption-…". Its edits correct a model: `pred` is what BLIP-2 said and `alt` the right
 * answer, so nothing in it is counterfactual.
 *
 * Source: Cheng et al. 2023 (EMNLP), files as EasyEdit ships them.
 */
export const mmeditFormat: VisualFormat = {
  layout,
  imageFolders: ["", "images"],
  shown: "alt",
  corrects: true,
  parse(fields): VisualEdit {
    const edit = sharedFields(fields);
    if (edit.alt !== edit.alt.trim()) edit.notes.push("the target has surrounding spaces, kept");
    return { ...edit, meta: fields.rest(KNOWN) };
  },
};
