import type { PreTrainedTokenizer } from "@huggingface/transformers";
import { UserFacingError } from "../errors.ts";
import type { Query } from "./model.ts";
import { cutAtAnswer, type EncodedText, type Frame, type PromptForm, splitBoundary } from "./prompt.ts";

/** Cause: a text-only model is asked about an image. Handled by: the caller, who takes another model or a benchmark of texts. */
export class TextOnlyError extends UserFacingError {}

/** Writes a question as a model is asked it, and the blank that stands before its answer. */
export interface TextTemplate {
  render(question: string): string;
  lead: string;
}

/** A model without a chat template goes on from the question itself. */
export const BARE: TextTemplate = { render: (question) => question, lead: " " };

/**
 * The prompt form of models of text alone: the question as it stands, or in the folder's chat template, and the answer after one blank.
 *
 * Methods throw: TextOnlyError for a query with an image.
 */
export class TextPrompt implements PromptForm {
  readonly #model: string;
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #template: TextTemplate;

  constructor(model: string, tokenizer: PreTrainedTokenizer, template: TextTemplate) {
    this.#model = model;
    this.#tokenizer = tokenizer;
    this.#template = template;
  }

  encode(query: Query, answer: string, prefix: string): EncodedText {
    const text = this.#template.render(prefix + this.#question(query));
    const prompt = this.#ids(text);
    const words = answer.trim();
    if (!words) return { prompt, boundary: [], answer: [] };
    const whole = this.#ids(text + this.#template.lead + words);
    // Apart where question and answer would run into one token.
    const ids = prompt.every((id, i) => whole[i] === id)
      ? whole.slice(prompt.length)
      : this.#tokenizer.encode(words, { add_special_tokens: false });
    return { prompt, ...splitBoundary(this.#tokenizer, ids) };
  }

  join(query: Query, answer: string, prefix: string, frame: Frame): EncodedText {
    const asked = prefix + this.#question(query);
    const text = frame === "plain" ? asked : this.#template.render(asked);
    return cutAtAnswer(this.#ids(text), this.#ids(`${text} ${answer.trim()}`));
  }

  #question({ image, question }: Query): string {
    if (image)
      throw new TextOnlyError(
        `model "${this.#model}" reads text alone, and is asked about the image "${image.id}". ` +
          `Take a model with a vision encoder, or a benchmark of texts (medke benchmarks lists them as edit-text).`,
      );
    return question.trim();
  }

  /** Templates that write the beginning of the sequence themselves leave nothing to the tokenizer. */
  #ids(text: string): number[] {
    const begin = this.#tokenizer.bos_token;
    return this.#tokenizer.encode(text, { add_special_tokens: !(begin && text.startsWith(begin)) });
  }
}
