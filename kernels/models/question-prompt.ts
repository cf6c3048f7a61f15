import type { PreTrainedTokenizer } from "@huggingface/transformers";
import type { Query } from "./model.ts";
import { cutAtAnswer, type EncodedText, type Frame, type PromptForm, splitBoundary } from "./prompt.ts";

/**
 * The prompt form of question-answer models without a chat template: `{prefix}question: {question} answer: `, all in lower case, behind
 * the image.
 *
 * Models of this form are trained on prompt and answer tokenised apart, so the model writes the tokenizer's word boundary before its answer.
 * (Tokenised together, the prompt's trailing space would swallow that boundary, and the first token of every answer would count as wrong.)
 * The boundary is the same before every answer, so it is kept apart: each score would otherwise contain a token that is always right.
 */
export class QuestionPrompt implements PromptForm {
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #imageTokens: number;

  constructor(tokenizer: PreTrainedTokenizer, imageTokens: number) {
    this.#tokenizer = tokenizer;
    this.#imageTokens = imageTokens;
  }

  encode({ image, question }: Query, answer: string, prefix: string): EncodedText {
    const text = `${prefix}question: ${question.trim()} answer: `.toLowerCase();
    const prompt = this.#behindImage(text, image !== undefined);
    const words = answer.trim().toLowerCase();
    if (!words) return { prompt, boundary: [], answer: [] };
    return { prompt, ...splitBoundary(this.#tokenizer, this.#tokenizer.encode(words, { add_special_tokens: false })) };
  }

  join({ image, question }: Query, answer: string, prefix: string, frame: Frame): EncodedText {
    const asked =
      `${prefix}${frame === "plain" ? question.trim() : `question: ${question.trim()} answer:`}`.toLowerCase();
    const ids = (text: string) => this.#behindImage(text, image !== undefined);
    return cutAtAnswer(ids(asked), ids(`${asked} ${answer.trim().toLowerCase()}`));
  }

  /** Image positions hold any valid id: features take the place of their embeddings. */
  #behindImage(text: string, image: boolean): number[] {
    const ids = this.#tokenizer.encode(text, { add_special_tokens: true });
    return [...new Array<number>(image ? this.#imageTokens : 0).fill(ids[0]), ...ids];
  }
}
