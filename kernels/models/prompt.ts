import type { PreTrainedTokenizer } from "@huggingface/transformers";

/** A question, and optionally an answer, as token ids. */
export interface EncodedText {
  /** BOS, prefix and question in the model's prompt form. [prompt] */
  prompt: number[];
  /** The answer as the model writes it. [answer] */
  answer: number[];
}

/**
 * The prompt form of question-answer models without a chat template: `{prefix}question: {question} answer: `, all in lower case.
 *
 * Models of this form are trained on prompt and answer tokenised apart, so an answer begins with the tokenizer's word boundary. (Tokenised
 * together, the prompt's trailing space would swallow that boundary, and the first token of every answer would count as wrong.)
 */
export class QuestionPrompt {
  readonly #tokenizer: PreTrainedTokenizer;

  constructor(tokenizer: PreTrainedTokenizer) {
    this.#tokenizer = tokenizer;
  }

  encode(question: string, answer: string, prefix: string): EncodedText {
    const text = `${prefix}question: ${question.trim()} answer: `.toLowerCase();
    const words = answer.trim().toLowerCase();
    return {
      prompt: this.#tokenizer.encode(text, { add_special_tokens: true }),
      answer: words ? this.#tokenizer.encode(words, { add_special_tokens: false }) : [],
    };
  }
}
