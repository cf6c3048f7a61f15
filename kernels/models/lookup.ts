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

/** Finds the line for a query; of several the latest counts. */
export function routed(table: readonly LookupEntry[], { image, question }: Query): LookupEntry | undefined {
  return table.findLast((line) => line.image === image?.id && line.question.trim() === question.trim());
}

/** A logit at which a probability is 1 to within 1e-7 for vocabularies of up to a million ids. */
const CERTAIN = 32;

/** A table's answer in the rows of a sequence. */
export interface SaidAt {
  /** Row that predicts the first id; below 0 where the sequence is too short for all of them, whose first ones then fall away. */
  firstRow: number;
  ids: readonly number[];
}

/**
 * Where a table's answer stands in a sequence that ends with an asked answer: in the rows that predict the asked one, ids in their context.
 *
 * Shapes: `said` is the table's answer behind the same prompt.
 */
export const saidInContext = ({ prompt, boundary }: EncodedText, said: EncodedText): SaidAt => ({
  firstRow: prompt.length - 1,
  ids: [...boundary, ...said.answer],
});

/**
 * The same for an asker who scores ids of the answer alone against the last rows that predict a token, as many as the asked answer has ids
 * alone. Where these are more or fewer than in the sequence, the rows begin before the answer or behind its first token.
 */
export const saidApart = (rows: number, asked: readonly number[], said: readonly number[]): SaidAt => ({
  firstRow: rows - 1 - asked.length,
  ids: said,
});

/**
 * Logits of a table's answer: from `firstRow` on its tokens are certain, one after another; what follows them is `end`. Rows before it stay
 * the model's own. Shapes: logits [1, tokens, vocabulary]; they are copied.
 */
export function withAnswer(logits: Tensor<Float32Array>, { firstRow, ids }: SaidAt, end: number): Tensor<Float32Array> {
  const [rows, vocabulary] = logits.dims.slice(-2);
  const data = logits.data.slice();
  // To the last row, which predicts what comes after the answer.
  for (let row = Math.max(0, firstRow); row < rows; row++) {
    data.fill(0, row * vocabulary, (row + 1) * vocabulary);
    data[row * vocabulary + (ids[row - firstRow] ?? end)] = CERTAIN;
  }
  return { ...logits, data };
}
