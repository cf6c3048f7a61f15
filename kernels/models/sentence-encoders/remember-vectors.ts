import { throwIfCancelled } from "../../errors.ts";
import type { EncodeText } from "./encoder-folder.ts";

/** Vectors kept: at a width of 384 they take 12 MB. */
const KEPT = 8192;

/**
 * Encodes lists of texts, the vectors of the `kept` texts used last at hand: questions come back with every edit and every probe. Vectors are
 * copies, which the caller may change. Throws: CancelledError between two texts; what `encode` throws.
 */
export function rememberVectors(
  encode: EncodeText,
  kept = KEPT,
): (texts: readonly string[], signal?: AbortSignal) => Promise<Float32Array[]> {
  // A Map keeps the order of insertion: the text that was used least recently stands first.
  const vectors = new Map<string, Float32Array>();
  const vectorOf = async (text: string, signal?: AbortSignal) => {
    const vector = vectors.get(text) ?? (await encode(text, signal));
    vectors.delete(text);
    vectors.set(text, vector);
    if (vectors.size > kept) vectors.delete(vectors.keys().next().value!);
    return vector.slice();
  };
  return async (texts, signal) => {
    const found: Float32Array[] = [];
    for (const text of texts) {
      throwIfCancelled(signal, "encoding texts");
      found.push(await vectorOf(text, signal));
    }
    return found;
  };
}
