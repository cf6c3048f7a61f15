import { type Processor, RawImage } from "@huggingface/transformers";

/**
 * A rendered prompt as the model's processor hands it to the tokenizer: every image placeholder written out as image tokens.
 *
 * The processor is called with a blank image of the given size, and the text is caught on its way to the tokenizer. Throws what the
 * processor throws.
 */
export async function expandPrompt(processor: Processor, text: string, width: number, height: number): Promise<string> {
  let written: unknown;
  const tokenizer = new Proxy(processor.tokenizer!, {
    apply(target, self, [given, ...rest]) {
      written = [given].flat()[0];
      return Reflect.apply(target as never, self, [given, ...rest]);
    },
  });
  const listening = new (processor.constructor as new (...args: unknown[]) => Processor)(
    processor.config,
    { ...processor.components, tokenizer },
    processor.chat_template,
  );
  const blank = new RawImage(new Uint8ClampedArray(width * height * 3).fill(127), width, height, 3);
  // transformers.js has processors of (images, text) and of (text, images), and nothing that tells which: those of the wrong order fail.
  let failure: unknown;
  for (const order of [
    [blank, text],
    [text, blank],
  ]) {
    try {
      await listening(...order);
    } catch (error) {
      failure ??= error;
    }
    if (typeof written === "string") return written;
  }
  throw failure;
}
