import type { VisualCheck } from "../visual-edit/checks.ts";
import { visualValidator } from "../visual-edit/validate.ts";
import { vlkebFormat } from "./format.ts";

/** The entity that an image shows: the folder in which it lies, such as "m.010bnr". */
const entity = (image: string) => image.slice(0, image.lastIndexOf("/"));

/** In which of the entity's answers the records of one folder agree is checked over the whole split. */
const CHECKS: readonly VisualCheck[] = [
  {
    id: "rephrase-image-of-entity",
    summary: "second image shows the entity of the first",
    severity: "note",
    field: "image_rephrase",
    expected: { eval: 3174 },
    found: ({ image, imageRephrase }) => imageRephrase !== undefined && entity(image) === entity(imageRephrase),
  },
  {
    id: "locality-image-of-other-entity",
    summary: "locality image shows another entity",
    severity: "note",
    field: "m_loc",
    expected: { eval: 3174 },
    found: ({ image, imageLocality }) => imageLocality !== undefined && entity(image) !== entity(imageLocality.image),
  },
  {
    id: "answer-in-title-form",
    summary: "old answer has underscores, as titles have",
    severity: "note",
    field: "pred",
    expected: { eval: 2863 },
    found: ({ pred }) => pred?.includes("_") ?? false,
  },
  {
    id: "target-in-title-form",
    summary: "target has underscores, as titles have",
    severity: "note",
    field: "alt",
    expected: { eval: 17 },
    found: ({ alt }) => alt.includes("_"),
  },
];

const none = { eval: 0 };

/** Checks a copy of VLKEB against the counts of its files (eval.json counted from the file, the others as published). */
export const validateVlkeb = visualValidator({
  format: vlkebFormat,
  records: { eval: 3174, eval_edit_onehop: 1278, train: 5000 },
  expected: {
    "target-empty": none,
    "target-is-answer": none,
    "rephrase-is-question": none,
    "rephrase-image-is-edited": none,
    "locality-image-is-edited": none,
    "target-in-question": { eval: 2 },
    "target-in-rephrase": { eval: 4 },
    "distinct-images": { eval: 3174 },
    "distinct-questions": { eval: 1364 },
    "distinct-rephrases": { eval: 1669 },
    "distinct-image-files": { eval: 8178 },
  },
  checks: CHECKS,
  distinct: [
    { id: "entities", summary: "entities", expected: { eval: 2847 }, of: ({ image }) => [entity(image)] },
    {
      id: "answers-of-entities",
      summary: "pairs of entity and old answer",
      expected: { eval: 2847 },
      of: ({ image, pred }) => [JSON.stringify([entity(image), pred])],
    },
    {
      id: "targets-of-entities",
      summary: "pairs of entity and target",
      expected: { eval: 2847 },
      of: ({ image, alt }) => [JSON.stringify([entity(image), alt])],
    },
  ],
  hops: {
    "hop-1": { eval_multihop: 1278, eval_edit_onehop: 1278 },
    "hop-2": { eval_multihop: 1238 },
    "hop-3": { eval_multihop: 1193 },
    "hop-4": { eval_multihop: 1110 },
    "no-hop": { eval: 3174, eval_edit_onehop: 0 },
  },
});
