import type { Query } from "./model.ts";
import type { Tensor } from "../tensor.ts";
import type { EncodedText } from "./prompt.ts";

/** One line of a table of answers. Images are known by their ids; a line without one is about text alone. */
export interface LookupEntry {
  image?: string;
  question: string;
  answer: string;
  /** Id of the case that it belongs to. */
  case: string;
}

/** Whether a table of answers acts on a query, and by which line. */
export interface Routed {
  fires: boolean;
  entry?: LookupEntry;
}

/** Finds the line for a query; of several the latest counts. */
export function routed(table: readonly LookupEntry[], { image, question }: Query): Routed {
  const entry = table.findLast((line) => line.image === image?.id && line.question.trim() === question.trim());
  return entry ? { fires: true, entry } : { fires: false };
}

/** A logit at which a probability is 1 to within 1e-7 for vocabularies of up to a million ids. */
const CERTAIN = 32;

/**
 * Logits of a table's answer: at the rows that predict the answer, the table's tokens are certain, one after another; what follows them is
 * `end`. Other rows stay the model's own. Shapes: logits [1, tokens, vocabulary]; they are copied.
 */
export function withAnswer(
  logits: Tensor<Float32Array>,
  { prompt, boundary, answer }: EncodedText,
  said: readonly number[],
  end: number,
): Tensor<Float32Array> {
  const vocabulary = logits.dims.at(-1)!;
  const data = logits.data.slice();
  const ids = [...boundary, ...said];
  // From the row before the answer to the last row, which predicts what comes after it.
  for (let i = 0; i <= boundary.length + answer.length; i++) {
    const start = (prompt.length - 1 + i) * vocabulary;
    data.fill(0, start, start + vocabulary);
    data[start + (ids[i] ?? end)] = CERTAIN;
  }
  return { ...logits, data };
}
