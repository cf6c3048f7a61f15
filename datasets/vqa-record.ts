import type { ImageRef } from "./case.ts";

/** One question about one image with its right answer. It holds no edit: targets are for the user to make. */
export interface VqaRecord {
  id: string;
  benchmark: string;
  split: string;
  image: ImageRef;
  question: string;
  /** The answer that the benchmark gives. */
  answer: string;
  /** The published answer type: closed questions offer the answer (yes or no, left or right), open ones do not. */
  closed: boolean;
  /** Language of question and answer, such as "en". */
  lang: string;
  organ: string;
  modality: string;
  /** What is asked about, in the benchmark's own terms; several are joined by ", ". */
  questionType: string;
  meta: Record<string, string>;
}
