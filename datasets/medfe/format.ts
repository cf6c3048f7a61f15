import type { FileLayout } from "../benchmark-files.ts";
import type { EditFormat } from "../edit-records.ts";
import { textEditCase } from "../text-edit.ts";

export const LOCALITY_KINDS = ["topic", "tokenSem"] as const;

/** One record of the published JSON. Nothing in it is trimmed or repaired. */
export interface MedfeRecord {
  prompt: string;
  rephrase: string;
  /** An explanation of about fifty words. */
  target: string;
  subject: string;
  subjectType: string;
  topicType: string;
  locality: { name: (typeof LOCALITY_KINDS)[number]; prompt: string; answer: string }[];
  /** Fields that were not published. */
  more: Record<string, string>;
}

const KNOWN = new Set([
  ...["subject", "subject_type", "topic_type", "prompt", "target_new", "rephrase_prompt"],
  ...LOCALITY_KINDS.flatMap((name) => [`locality_${name}_prompt`, `locality_${name}_ground_truth`]),
]);

const layout: FileLayout = {
  benchmark: "medfe",
  splits: {
    test: ["medfe_test.json", "test.json"],
    train: ["medfe_train.json", "train.json"],
    valid: ["medfe_valid.json", "valid.json"],
  },
  folders: ["", "MedFE", "medfe", "data/MedFE", "data/medfe", "medrek/data/MedFE", "medrek/data/medfe"],
  fingerprints: {
    "01d452821c7e1e7a": { file: "medfe test", split: "test" },
    "218cbcf0c076c59d": { file: "medfe valid", split: "valid" },
  },
};

/**
 * MedFE: edits of explanations of medical facts, a paragraph each. The files say no right answer, so cases have none. Targets keep the
 * leading space that some have, and stay whole: MedLaSA cuts targets and locality answers to 200 tokens of its model, MedREK does not,
 * and a reader knows no tokens. Records have no id: the position in the file stands in the case id.
 */
export const medfeFormat: EditFormat<MedfeRecord> = {
  layout,
  parse: (fields) => ({
    prompt: fields.filled("prompt"),
    rephrase: fields.filled("rephrase_prompt"),
    target: fields.filled("target_new"),
    subject: fields.filled("subject"),
    subjectType: fields.text("subject_type"),
    topicType: fields.text("topic_type"),
    locality: LOCALITY_KINDS.map((name) => ({
      name,
      prompt: fields.filled(`locality_${name}_prompt`),
      answer: fields.filled(`locality_${name}_ground_truth`),
    })),
    more: fields.rest(KNOWN),
  }),
  toCase: ({ subject, subjectType, topicType, more, ...edit }, split, index) =>
    textEditCase("medfe", `${split}-${index}`, split, {
      ...edit,
      meta: { ...more, subject, subject_type: subjectType, topic_type: topicType },
    }),
};
