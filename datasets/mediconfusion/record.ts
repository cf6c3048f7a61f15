import type { ConfusionPair } from "../confusion-pair.ts";
import type { RecordFields } from "../record-fields.ts";

/** One pair as the files have it. */
export interface MediconfusionRecord {
  /** Paths in ROCO, such as "train/radiology/images/ROCO_28778.jpg". */
  images: [string, string];
  /** Numbers by which the official fetcher names the files. */
  locals: [number, number];
  captions: [string, string];
  categories: [string[], string[]];
  similarity: ConfusionPair["similarity"];
  question: string;
  options: [string, string];
  answers: ConfusionPair["answers"];
  draft: ConfusionPair["draft"];
  meta: Record<string, string>;
}

const KNOWN = new Set([
  ...["im_1", "im_2", "im_1_local", "im_2_local", "cap_1", "cap_2", "category_1", "category_2"],
  ...["BiomedCLIP_sim", "DINO_sim", "question", "option_A", "option_B", "im_1_correct", "im_2_correct"],
  ...["AI_question", "AI_option_A", "AI_option_B"],
]);

/**
 * Reads one pair. The captions and the draft contain the answers: they have fields of their own and are in no other.
 *
 * Throws: MalformedRecordError, also where both images have the same right option.
 */
export function parseRecord(fields: RecordFields): MediconfusionRecord {
  const categories = (field: string): string[] => {
    const value = fields.raw(field);
    return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")
      ? (value as string[])
      : fields.refuse(field, "expected a list of categories", value);
  };
  const cosine = (field: string): number => {
    const value = fields.raw(field);
    return typeof value === "number" && Math.abs(value) <= 1 ? value : fields.refuse(field, "expected a cosine", value);
  };
  const letters = ["im_1_correct", "im_2_correct"].map((field) => fields.text(field).trim());
  const order = letters.join();
  if (order !== "A,B" && order !== "B,A") return fields.refuse("im_2_correct", "expected A and B, each once", order);
  const both = (read: (field: string) => string, one: string, two: string): [string, string] => [read(one), read(two)];
  const filled = (field: string) => fields.filled(field);
  const text = (field: string) => fields.text(field);
  return {
    images: both(filled, "im_1", "im_2"),
    locals: [fields.integer("im_1_local"), fields.integer("im_2_local")],
    captions: both(text, "cap_1", "cap_2"),
    categories: [categories("category_1"), categories("category_2")],
    similarity: { encoder: cosine("BiomedCLIP_sim"), secondView: cosine("DINO_sim") },
    question: fields.filled("question"),
    options: both(filled, "option_A", "option_B"),
    answers: order === "A,B" ? ["A", "B"] : ["B", "A"],
    draft: { question: fields.text("AI_question"), options: both(text, "AI_option_A", "AI_option_B") },
    meta: fields.rest(KNOWN),
  };
}
