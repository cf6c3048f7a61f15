import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A well-formed record in the published form; `fields` override it. */
export const publishedRecord = (qid: number, fields: Record<string, unknown> = {}): Record<string, unknown> => ({
  qid,
  image_name: "a.jpg",
  image_organ: "HEAD",
  answer: "yes",
  answer_type: "CLOSED",
  question_type: "PRES",
  question: `question ${qid}?`,
  phrase_type: "freeform",
  modality: "MRI",
  ...fields,
});

/** A VQA-RAD folder in the temporary directory; its images are empty files. The caller removes it. */
export function scratchSplit(records: unknown[] | string, images: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "medke-vqarad-"));
  mkdirSync(join(folder, "images"));
  for (const name of images) writeFileSync(join(folder, "images", name), "");
  writeFileSync(join(folder, "trainset.json"), typeof records === "string" ? records : JSON.stringify(records));
  return folder;
}
