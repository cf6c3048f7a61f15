import { sameAnswer } from "../normalise-answer.ts";
import type { VisualFormat } from "../visual-edit/format.ts";
import { portability } from "../visual-edit/portability.ts";
import { sharedFields } from "../visual-edit/shared-fields.ts";
import { SHARED_FIELDS, type VisualEdit } from "../visual-edit/visual-edit.ts";
import { attackIndex } from "./attack-index.ts";
import { attacks } from "./attacks.ts";
import { layout } from "./layout.ts";
import { ownNegatives } from "./own-negatives.ts";

const KNOWN = new Set<string>([...SHARED_FIELDS, "id", "port_new", "hard_negatives"]);

/**
 * MedMKEB: counterfactual edits of what a medical model sees in an image. The eval split has the attacks of the attack file as robustness
 * probes; the split "attack" is that file's own records. Clinical task, department, modality and whatever else a record holds go to `meta`.
 *
 * Source: arXiv 2508.05083; fields as the loaders of others read them (unconfirmed), so that their variants are taken too.
 */
export const medmkebFormat: VisualFormat = {
  layout,
  imageFolders: ["", "images", "data"],
  parse(fields, { split }): VisualEdit {
    const edit = sharedFields(fields);
    const questions = split === "attack" ? { ...attacks(fields), meta: {} } : portability(fields);
    const id = fields.raw("id") ?? undefined;
    if (id !== undefined && typeof id !== "string" && !Number.isSafeInteger(id))
      return fields.refuse("id", "expected a string or a whole number", id);
    if (edit.pred !== undefined && sameAnswer(edit.pred, edit.alt)) edit.notes.push("the target is the old answer");
    return {
      ...edit,
      ...(id !== undefined && { id: String(id) }),
      more: questions.probes,
      negatives: ownNegatives(fields),
      meta: { ...fields.rest(KNOWN), ...questions.meta },
      notes: [...edit.notes, ...questions.notes],
    };
  },
  attribute: ({ src, pred, alt, meta }) => {
    const modality = meta.modality?.replace(/[_\s]+/g, " ").trim();
    const about = /modality/i.test(`${src} ${meta.clinical_VQA_task ?? ""} ${meta.original_task ?? ""}`);
    if (!modality || about || [pred, alt].some((answer) => answer && sameAnswer(answer, modality))) return undefined;
    return { question: "Which imaging modality is this image?", answer: modality };
  },
  joined: (options) =>
    options.split === "eval" ? attackIndex(options) : Promise.resolve({ sources: [], add: () => {}, rest: () => [] }),
};
