import type { PreTrainedTokenizer } from "@huggingface/transformers";

/** A question, and optionally an answer, as token ids. */
export interface EncodedText {
  /** BOS, prefix and question in the model's prompt form. [prompt] */
  prompt: number[];
  /** The answer as it is tokenised in its context. [answer] */
  answer: number[];
}

/**
 * The prompt form of question-answer models without a chat template: `{prefix}question: {question} answer: `, all in lower case.
 *
 * The answer's ids are taken from the tokenisation of prompt and answer together, because a word's ids depend on what stands before
 * it (metric profile `tf-token`).
 */
export class QuestionPrompt {
  readonly #tokenizer: PreTrainedTokenizer;

  constructor(tokenizer: PreTrainedTokenizer) {
    this.#tokenizer = tokenizer;
  }

  encode(question: string, answer: string, prefix: string): EncodedText {
    const text = `${prefix}question: ${question.trim().toLowerCase()} answer: `;
    const prompt = this.#ids(text);
    if (!answer) return { prompt, answer: [] };
    // Lower case as in training: scored as "Yes", an answer "yes" would be two tokens that the model never writes.
    const whole = this.#ids(text + answer.trim().toLowerCase());
    // A tokenizer may merge the prompt's last token with the answer's first. Then the answer starts where the two first differ.
    let start = 0;
    while (start < prompt.length && start < whole.length - 1 && prompt[start] === whole[start]) start++;
    return { prompt: whole.slice(0, start), answer: whole.slice(start) };
  }

  #ids(text: string): number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: true });
  }
}
