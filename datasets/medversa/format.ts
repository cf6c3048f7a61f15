import type { EditFormat } from "../edit-records.ts";
import { textEditCase } from "../text-edit.ts";
import { layout } from "./layout.ts";

/** One record of the published JSON. Nothing in it is trimmed or repaired. */
export interface MedversaRecord {
  id: number;
  prompt: string;
  rephrase: string;
  target: string;
  groundTruth: string;
  /** Discipline and topic of the question; neither is the subject of a fact. */
  subject: string;
  topic: string;
  locality: { id: number; prompt: string; answer: string; subject: string; topic: string };
  /** Fields that were not published. */
  more: Record<string, string>;
}

const KNOWN = new Set(
  ["prompt", "ground_truth", "target_new", "rephrase_prompt", "subject_name", "topic_name", "id"].concat(
    ["prompt", "ground_truth", "subject_name", "topic_name", "id"].map((field) => `locality_${field}`),
  ),
);

/**
 * MedVersa: text edits made from MedMCQA questions, each with one rephrasing and one locality item from another question. Targets are wrong
 * answers on purpose. Case ids end in the record's own id.
 */
export const medversaFormat: EditFormat<MedversaRecord> = {
  layout,
  parse: (fields) => ({
    id: fields.integer("id"),
    prompt: fields.filled("prompt"),
    rephrase: fields.filled("rephrase_prompt"),
    target: fields.filled("target_new"),
    groundTruth: fields.filled("ground_truth"),
    subject: fields.text("subject_name"),
    topic: fields.text("topic_name"),
    locality: {
      id: fields.integer("locality_id"),
      prompt: fields.filled("locality_prompt"),
      answer: fields.filled("locality_ground_truth"),
      subject: fields.text("locality_subject_name"),
      topic: fields.text("locality_topic_name"),
    },
    more: fields.rest(KNOWN),
  }),
  toCase: ({ id, prompt, rephrase, target, groundTruth, subject, topic, locality, more }, split) =>
    textEditCase("medversa", id, split, {
      prompt,
      rephrase,
      target,
      groundTruth,
      locality: [{ prompt: locality.prompt, answer: locality.answer }],
      meta: {
        ...more,
        subject_name: subject,
        topic_name: topic,
        locality_id: String(locality.id),
        locality_subject_name: locality.subject,
        locality_topic_name: locality.topic,
      },
    }),
};
