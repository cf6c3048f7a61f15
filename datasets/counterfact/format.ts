import type { FileLayout } from "../benchmark-files.ts";
import type { EditFormat } from "../edit-records.ts";
import { textEditCase } from "../text-edit.ts";

/** One record of the published JSON. Nothing in it is trimmed or repaired. */
export interface CounterfactRecord {
  caseId: number;
  /** The beginning of a sentence, which the answer completes; no question. */
  prompt: string;
  rephrase: string;
  target: string;
  groundTruth: string;
  subject: string;
  locality: { prompt: string; answer: string }[];
  /** Fields that were not published. */
  more: Record<string, string>;
}

const KNOWN = new Set([
  ...["case_id", "prompt", "target_new", "subject", "ground_truth", "rephrase_prompt"],
  ...["locality_prompt", "locality_ground_truth"],
]);

const layout: FileLayout = {
  benchmark: "counterfact",
  splits: {
    edit: ["counterfact-edit.json", "counterfact_edit.json"],
    train: ["counterfact-train.json", "counterfact_train.json"],
  },
  folders: ["", "counterfact", "data/counterfact", "medrek/data/counterfact"],
  fingerprints: {
    c31a07f7eb3d37e4: { file: "counterfact-edit", split: "edit" },
    bb40e12c7b740d68: { file: "counterfact-train", split: "train" },
  },
};

/**
 * CounterFact in the form that EasyEdit gave it: one prompt, one rephrasing and one locality item a record, and its locality answer is the
 * fact's own true object. Case ids end in the record's `case_id`.
 */
export const counterfactFormat: EditFormat<CounterfactRecord> = {
  layout,
  parse: (fields) => ({
    caseId: fields.integer("case_id"),
    prompt: fields.filled("prompt"),
    rephrase: fields.filled("rephrase_prompt"),
    target: fields.filled("target_new"),
    groundTruth: fields.filled("ground_truth"),
    subject: fields.filled("subject"),
    locality: [{ prompt: fields.filled("locality_prompt"), answer: fields.filled("locality_ground_truth") }],
    more: fields.rest(KNOWN),
  }),
  toCase: ({ caseId, subject, more, ...edit }, split) =>
    textEditCase("counterfact", caseId, split, { ...edit, meta: { ...more, subject } }),
};
