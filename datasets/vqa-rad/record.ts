import type { ImageRef } from "../case.ts";
import { MalformedRecordError } from "../record-fields.ts";
import type { Tally } from "../reason-count.ts";
import { questionTypes } from "./question-type.ts";

const PHRASE_TYPES = ["freeform", "para", "frame"] as const;
/** freeform: in a radiologist's own words; para: a rewording; frame: the same question put into a template. */
export type PhraseType = (typeof PHRASE_TYPES)[number];

/** One question about one image. */
export interface VqaRadRecord {
  /** Position in the file, from 0. */
  index: number;
  qid: number;
  image: ImageRef;
  /** HEAD, CHEST or ABD; constant per image. */
  organ: string;
  /** MRI, CT or X-Ray; constant per image. */
  modality: string;
  question: string;
  answer: string;
  /** The published answer type: closed questions offer the answer (yes/no, left/right), open ones do not. */
  closed: boolean;
  questionTypes: string[];
  phraseType: PhraseType;
}

/** A usable record, or why a well-formed one cannot be used. */
export type Parsed = { record: VqaRadRecord } | { skip: string };

/**
 * Reads one record of the published JSON.
 *
 * `imagePath` gives the absolute path of an image, or undefined where the file is missing. Repairs (integer answers, surrounding
 * spaces) are counted in `notes`.
 * Throws: MalformedRecordError naming the record's index and field.
 */
export function parseRecord(
  raw: unknown,
  index: number,
  where: string,
  imagePath: (name: string) => string | undefined,
  notes: Pick<Tally, "add">,
): Parsed {
  const refuse = (field: string, problem: string): never => {
    throw new MalformedRecordError(
      `${where}, record ${index}, field "${field}": ${problem}. Repair or remove the record, or load with onInvalid: "report" to skip and count it.`,
    );
  };
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return refuse("(record)", "expected an object");
  const fields = raw as Record<string, unknown>;
  const text = (field: string): string => {
    const value = fields[field];
    if (typeof value !== "string")
      return refuse(field, `expected a string, found ${JSON.stringify(value) ?? "nothing"}`);
    return value;
  };
  const trimmed = (field: string, note: string): string => {
    const value = text(field);
    if (value !== value.trim()) notes.add(note);
    return value.trim();
  };
  const filled = (field: string, note: string): string => trimmed(field, note) || refuse(field, "is empty");

  const qid = fields.qid;
  if (typeof qid !== "number" || !Number.isInteger(qid))
    return refuse("qid", `expected an integer, found ${JSON.stringify(qid) ?? "nothing"}`);
  const name = text("image_name");
  // A name with a folder in it could point outside the image folder.
  if (name === "" || /[/\\]|^\.\.?$|^[a-z]:/i.test(name))
    return refuse("image_name", `"${name}" is not a plain file name`);
  const answerType = trimmed("answer_type", "answer type with surrounding spaces, trimmed");
  if (answerType !== "CLOSED" && answerType !== "OPEN")
    return refuse("answer_type", `"${answerType}" is neither CLOSED nor OPEN`);
  const phraseType = trimmed("phrase_type", "phrase type with surrounding spaces, trimmed") as PhraseType;
  if (!PHRASE_TYPES.includes(phraseType))
    return refuse("phrase_type", `"${phraseType}" is none of ${PHRASE_TYPES.join(", ")}`);
  const question = filled("question", "question with surrounding spaces, trimmed");
  const organ = filled("image_organ", "organ with surrounding spaces, trimmed");
  const modality = filled("modality", "modality with surrounding spaces, trimmed");
  const types = questionTypes(text("question_type"));
  if (types.length === 0) return refuse("question_type", "is empty");

  let answer: string;
  if (Number.isInteger(fields.answer)) {
    notes.add("integer answer, kept as text");
    answer = String(fields.answer);
  } else answer = trimmed("answer", "answer with surrounding spaces, trimmed");
  if (answer === "") return { skip: "the answer is empty" };
  const path = imagePath(name);
  if (path === undefined) return { skip: "the image file is missing" };
  return {
    record: {
      index,
      qid,
      image: { id: name, path },
      organ,
      modality,
      question,
      answer,
      closed: answerType === "CLOSED",
      questionTypes: types,
      phraseType,
    },
  };
}
