import type { PreTrainedTokenizer } from "@huggingface/transformers";

/** A question, and optionally an answer, as token ids. */
export interface EncodedText {
  /** BOS, prefix and question in the model's prompt form. [prompt] */
  prompt: number[];
  /** What the model writes before every answer, whatever it says: learnt in training, left out of scores. [0 or 1] */
  boundary: number[];
  /** The words of the answer as the model writes them. [answer] */
  answer: number[];
}

/**
 * The prompt form of question-answer models without a chat template: `{prefix}question: {question} answer: `, all in lower case.
 *
 * Models of this form are trained on prompt and answer tokenised apart, so the model writes the tokenizer's word boundary before its answer.
 * (Tokenised together, the prompt's trailing space would swallow that boundary, and the first token of every answer would count as wrong.)
 * The boundary is the same before every answer, so it is kept apart: each score would otherwise contain a token that is always right.
 */
export class QuestionPrompt {
  readonly #tokenizer: PreTrainedTokenizer;

  constructor(tokenizer: PreTrainedTokenizer) {
    this.#tokenizer = tokenizer;
  }

  encode(question: string, answer: string, prefix: string): EncodedText {
    const text = `${prefix}question: ${question.trim()} answer: `.toLowerCase();
    const prompt = this.#tokenizer.encode(text, { add_special_tokens: true });
    const words = answer.trim().toLowerCase();
    if (!words) return { prompt, boundary: [], answer: [] };
    const ids = this.#tokenizer.encode(words, { add_special_tokens: false });
    const blank = ids.length > 1 && this.#tokenizer.decode([ids[0]]).trim() === "" ? 1 : 0;
    return { prompt, boundary: ids.slice(0, blank), answer: ids.slice(blank) };
  }
}
