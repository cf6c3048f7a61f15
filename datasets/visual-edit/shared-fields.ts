import type { RecordFields } from "../record-fields.ts";
import type { VisualEdit } from "./visual-edit.ts";

/**
 * Reads the eleven fields that MedMKEB, VLKEB and MMEdit share. Strings stay as they are published, outer spaces and underscores included.
 * Where a field of a probe is missing or empty the probe is left out, with a note; an empty target is for the reader to report.
 *
 * Throws: MalformedRecordError for a missing image, question or target, and for values that are no strings.
 */
export function sharedFields(fields: RecordFields): VisualEdit {
  const notes: string[] = [];
  const group = (probe: string, ...names: string[]): string[] | undefined => {
    const texts = names.map((name) => fields.optional(name) ?? "");
    const empty = names.find((_, i) => texts[i].trim() === "");
    if (empty === undefined) return texts;
    notes.push(`field "${empty}" is missing or empty: ${probe} is left out`);
    return undefined;
  };
  const rephrase = group("text generality", "rephrase");
  const imageRephrase = group("image generality", "image_rephrase");
  const text = group("text locality", "loc", "loc_ans");
  const image = group("image locality", "m_loc", "m_loc_q", "m_loc_a");
  return {
    image: fields.filled("image"),
    src: fields.filled("src"),
    alt: fields.text("alt"),
    pred: fields.optional("pred"),
    rephrase: rephrase?.[0],
    imageRephrase: imageRephrase?.[0],
    textLocality: text && { question: text[0], answer: text[1] },
    imageLocality: image && { image: image[0], question: image[1], answer: image[2] },
    more: [],
    negatives: [],
    meta: {},
    notes,
  };
}
