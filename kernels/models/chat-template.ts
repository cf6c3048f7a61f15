import type { Processor } from "@huggingface/transformers";

/** Renders a conversation of one question, and of its answer where one is given, as the chat template writes it. */
export type Render = (question: string, options: { image: boolean; answer?: string }) => string;

/**
 * The folder's chat template through transformers.js. `template` is the source of one that has a file of its own.
 *
 * Throws what the template throws.
 */
export const renderWith =
  (processor: Processor, template?: string): Render =>
  (question, { image, answer }) => {
    const text = (words: string) => ({ type: "text" as const, text: words });
    const asked = { role: "user", content: [...(image ? [{ type: "image" as const }] : []), text(question)] };
    const messages = answer === undefined ? [asked] : [asked, { role: "assistant", content: [text(answer)] }];
    const source = template === undefined ? {} : { chat_template: template };
    const options = { tokenize: false, add_generation_prompt: answer === undefined, ...source };
    return processor.apply_chat_template(messages, options) as unknown as string;
  };

/** Stands for the question or the answer where a template is probed; no template writes it by itself. */
export const MARK = "medkeprobe";

/** What stands before and after the question in a rendered conversation. */
export interface Frame {
  head: string;
  tail: string;
}

/** Cuts a rendered text at the mark. Throws: Error where the mark is not there once. */
export function frameOf(text: string): Frame {
  const [head, tail, ...more] = text.split(MARK);
  if (tail === undefined || more.length > 0)
    throw new Error(`it writes the question ${tail === undefined ? 0 : more.length + 1} times`);
  return { head, tail };
}

/** The blank that a template puts between its generation prompt and an answer; none where it refuses to write answers. */
export function leadOf(render: Render): string {
  try {
    const [prompt, whole] = [render("", { image: false }), render("", { image: false, answer: MARK })];
    const lead = whole.startsWith(prompt) ? frameOf(whole.slice(prompt.length)).head : "";
    return lead.trim() === "" ? lead : "";
  } catch {
    return "";
  }
}
