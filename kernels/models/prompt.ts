import type { PreTrainedTokenizer } from "@huggingface/transformers";
import type { Query } from "./model.ts";

/** A question, and optionally an answer, as token ids. */
export interface EncodedText {
  /** The question in the model's prompt form, with an id for every row of image features where there is an image. [prompt] */
  prompt: number[];
  /** What the model writes before every answer, whatever it says: learnt in training, left out of scores. [0 or 1] */
  boundary: number[];
  /** The words of the answer as the model writes them. [answer] */
  answer: number[];
}

/** "template": the model's own prompt. "plain": the question alone, behind the image, without any words of the model's template. */
export type Frame = "template" | "plain";

/** How a model is asked. */
export interface PromptForm {
  /** `prefix` is put in front of the question; without an answer, boundary and answer are empty. */
  encode(query: Query, answer: string, prefix: string): EncodedText;
  /**
   * Question, one blank and answer as one text, tokenised together, as the published scorers of multimodal editing do. What of it is answer is
   * found by comparing with the question alone, and nothing is kept apart: `boundary` is empty.
   */
  join(query: Query, answer: string, prefix: string, frame: Frame): EncodedText;
}

/** Cuts the ids of a joined text where they cease to be those of its beginning: from there on every token holds something of the answer. */
export function cutAtAnswer(beginning: readonly number[], whole: readonly number[]): EncodedText {
  const at = beginning.findIndex((id, i) => whole[i] !== id);
  const end = at < 0 ? beginning.length : at;
  return { prompt: whole.slice(0, end), boundary: [], answer: whole.slice(end) };
}

/** The ids of a whole answer, a blank token before its words kept apart: it would be a token that is always right. */
export function splitBoundary(tokenizer: PreTrainedTokenizer, ids: number[]): Omit<EncodedText, "prompt"> {
  const blank = ids.length > 1 && tokenizer.decode([ids[0]]).trim() === "" ? 1 : 0;
  return { boundary: ids.slice(0, blank), answer: ids.slice(blank) };
}
