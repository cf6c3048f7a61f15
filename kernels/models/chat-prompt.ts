import type { PreTrainedTokenizer } from "@huggingface/transformers";
import { UserFacingError } from "../errors.ts";
import { type Frame, leadOf, type Render } from "./chat-template.ts";
import type { Query } from "./model.ts";
import { cutAtAnswer, type EncodedText, type Frame as AskFrame, type PromptForm, splitBoundary } from "./prompt.ts";

/** Cause: a question holds the very text that stands for an image. Handled by: the caller, who rewords it. */
export class ImageTokenError extends UserFacingError {}

/**
 * The prompt form of chat models: the template's own text, in which the processor has written an image token for every row of features.
 *
 * The answer follows the template's generation prompt at once, in the case it is given: so the model writes it. Where the template
 * puts a space between the two, the answer is tokenised with it.
 */
export class ChatPrompt implements PromptForm {
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #render: Render;
  readonly #template: Frame;
  readonly #expanded: Frame;
  readonly #imageToken: string;
  readonly #lead: string;

  /** `template` and `expanded` frame a question about an image before and after the processor wrote `imageToken`s. */
  constructor(tokenizer: PreTrainedTokenizer, render: Render, template: Frame, expanded: Frame, imageToken: string) {
    this.#imageToken = imageToken;
    this.#tokenizer = tokenizer;
    this.#render = render;
    this.#template = template;
    this.#expanded = expanded;
    this.#lead = leadOf(render);
  }

  /** Throws: ImageTokenError. */
  encode({ image, question }: Query, answer: string, prefix: string): EncodedText {
    this.#refuseImageToken(question, [prefix, question, answer]);
    const text = this.#text(prefix + question.trim(), image !== undefined);
    const prompt = this.#ids(text);
    const words = answer.trim();
    if (!words) return { prompt, boundary: [], answer: [] };
    const whole = this.#ids(text + this.#lead + words);
    // Together, so that no tokenizer takes the answer for the beginning of a text; apart where the two would run into one token.
    const ids = prompt.every((id, i) => whole[i] === id)
      ? whole.slice(prompt.length)
      : this.#tokenizer.encode(this.#lead + words, { add_special_tokens: false });
    return { prompt, ...splitBoundary(this.#tokenizer, ids) };
  }

  /** Throws: ImageTokenError. */
  join({ image, question }: Query, answer: string, prefix: string, frame: AskFrame): EncodedText {
    this.#refuseImageToken(question, [prefix, question, answer]);
    const asked = prefix + question.trim();
    const text = frame === "plain" ? (image ? this.#imageText() : "") + asked : this.#text(asked, image !== undefined);
    return cutAtAnswer(this.#ids(text), this.#ids(`${text} ${answer.trim()}`));
  }

  /** The image tokens of one image, with what the processor writes between them. */
  #imageText(): string {
    const { head, tail } = this.#expanded;
    const [text, token] = [head + tail, this.#imageToken];
    return text.slice(text.indexOf(token), text.lastIndexOf(token) + token.length);
  }

  #refuseImageToken(question: string, given: string[]): void {
    if (this.#imageToken && given.some((text) => text.includes(this.#imageToken)))
      throw new ImageTokenError(
        `question "${question}": it, its prefix or its answer holds "${this.#imageToken}", which stands for an image in this model. Write it otherwise.`,
      );
  }

  #text(question: string, image: boolean): string {
    const text = this.#render(question, { image });
    if (!image) return text;
    const { head, tail } = this.#template;
    return this.#expanded.head + text.slice(head.length, text.length - tail.length) + this.#expanded.tail;
  }

  /** Templates that write the beginning of the sequence themselves leave nothing to the tokenizer. Source: Hugging Face, chat templates. */
  #ids(text: string): number[] {
    const begin = this.#tokenizer.bos_token;
    return this.#tokenizer.encode(text, { add_special_tokens: !(begin && text.startsWith(begin)) });
  }
}
