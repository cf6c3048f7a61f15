import type { VisualFormat } from "../visual-edit/format.ts";
import type { VisualEdit } from "../visual-edit/visual-edit.ts";
import { layout } from "./layout.ts";

/** Every field is a string and required. */
export const FIELDS = [
  ...["image", "src", "alt", "rephrase", "fg_gen_q", "fg_gen_a", "fg_loc_q", "fg_loc_a", "loc", "loc_ans"],
] as const;
const KNOWN = new Set<string>(FIELDS);

/**
 * FGVEdit: edits of one entity of an image that shows several, with a question about the same image whose answer follows and one whose
 * answer does not. It has no other image: neither image generality nor image locality.
 *
 * Records with an empty target, which the official loader drops silently, are counted as skipped. Whether a target is counterfactual is
 * not stated. Source: arXiv 2411.12790.
 */
export const fgveditFormat: VisualFormat = {
  layout,
  imageFolders: ["data/images", "images", ""],
  parse(fields): VisualEdit {
    const alt = fields.text("alt");
    const field = (name: string) => (alt.trim() === "" ? fields.text(name) : fields.filled(name));
    return {
      image: fields.filled("image"),
      src: field("src"),
      alt,
      rephrase: field("rephrase"),
      textLocality: { question: field("loc"), answer: field("loc_ans") },
      more: [
        {
          kind: "fine-grained-generality",
          question: field("fg_gen_q"),
          expect: { answer: field("fg_gen_a") },
        },
        {
          kind: "fine-grained-locality",
          question: field("fg_loc_q"),
          expect: { unchanged: true, context: field("fg_loc_a") },
        },
      ],
      negatives: [],
      meta: fields.rest(KNOWN),
      notes: [],
    };
  },
};
