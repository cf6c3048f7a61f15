import { ATTACK_TYPES } from "../../medmkeb/attack-types.ts";
import type { Modality } from "../world/vocabulary.ts";
import type { Attack } from "./medmkeb-attacks.ts";
import { editFamily } from "./medmkeb-families.ts";
import type { MedmkebRecord } from "./medmkeb-record.ts";
import { imagePath } from "./images.ts";

const DEPARTMENTS: Readonly<Record<Modality, string>> = {
  radiograph: "radiology",
  ct: "radiology",
  mr: "radiology",
  ultrasound: "sonography",
  fundus: "eye medicine",
  histology: "pathology",
};

/** The metadata fields of a record. */
export function medmkebMetadata({ family, fact }: Pick<MedmkebRecord, "family" | "fact">) {
  const { task, granularity, originalTask } = editFamily(family);
  return {
    clinical_VQA_task: task,
    department: DEPARTMENTS[fact.modality],
    modality: fact.modality,
    perceptual_granularity: granularity,
    original_task: originalTask,
  };
}

/** A record with the published fields, and after them our own two. */
export function medmkebJson(record: MedmkebRecord) {
  const { portability } = record;
  return {
    ...commonFields(record),
    ...(portability.length && {
      port_new: portability.map(({ hops, question, answer, triple }) => ({
        port_type: `${hops}-hop`,
        "Q&A": asked(question, answer),
        triple2: triple,
      })),
    }),
    ...medmkebMetadata(record),
    edit_family: record.family,
    hard_negatives: record.hardNegatives.map(({ name, image, question, answer, unchanged }) => ({
      negative_type: name,
      image: imagePath(record.split, image.index),
      "Q&A": asked(question, answer),
      expected: unchanged ? "unchanged" : "follows-from-alt",
    })),
  };
}

/** The record of the attack file; its id is its own. */
export function attackJson(record: MedmkebRecord, { name, question }: Attack) {
  return {
    ...commonFields(record),
    id: `attack-${record.id}`,
    port_new: [{ attack_type: ATTACK_TYPES[name], "Q&A": asked(question, record.alt) }],
    ...medmkebMetadata(record),
  };
}

const commonFields = (record: MedmkebRecord) => ({
  id: record.id,
  src: record.src,
  rephrase: record.rephrase,
  pred: record.pred,
  alt: record.alt,
  image: imagePath(record.split, record.image.index),
  image_rephrase: imagePath(record.split, record.imageRephrase.index),
  loc: record.textLocality.question,
  loc_ans: record.textLocality.answer,
  m_loc: imagePath(record.split, record.imageLocality.image.index),
  m_loc_q: record.imageLocality.question,
  m_loc_a: record.imageLocality.answer,
});

const asked = (question: string, answer: string) => ({ Question: question, Answer: answer });
