import { shiftRowNames } from "../onnx/surgery/shift-rows.ts";
import { float32, int64, type Tensor } from "../tensor.ts";
import type { SiteId } from "./edit.ts";
import { requireRoom } from "./context-length-error.ts";
import type { Query } from "./model.ts";
import type { Sequence, SequenceBuilder } from "./sequence.ts";

/** One sequence of an objective: a query, what shall be said to it, and how much that counts. */
export interface Example {
  query: Query;
  answer: string;
  /** Text in front of the question, beside what edits in force put there. */
  prefix?: string;
  /**
   * "answer" (default): the answer's tokens, word boundary and end token included, so that greedy generation starts and stops as it shall.
   * "answer-only": its words alone, as official code bases train. "prompt-last": all its words are read from the one distribution at the last
   * token of the prompt. "none": nothing; the sequence is there for `soft` or for an extra loss.
   */
  labels?: "answer" | "answer-only" | "prompt-last" | "none";
  /** Share in the loss. Default 1 / number of examples that have labels. */
  weight?: number;
  /** Distributions over the vocabulary that rows shall keep: adds -weight * sum of p log q. Row counted from the start of the sequence. */
  soft?: readonly { row: number; distribution: Float32Array; weight: number }[];
  /** Where trainable shifts act, by site: a row counted from the start of the sequence. */
  shifts?: Record<SiteId, number>;
}

/** Sequences one below the other, shorter ones filled up at the end with zeros: what follows a token does not change it. */
export interface ExampleBatch {
  /** [examples, tokens, hidden] */
  embeds: Tensor<Float32Array>;
  sequences: readonly Sequence[];
  /** `rows`, `labels`, `loss_weights`, masks of shifts, and `soft_targets` where the objective has them. */
  feeds: Record<string, Tensor>;
  /** Scored rows of each example, as indices into the log-probabilities. [examples] of [first, past the last] */
  spans: readonly (readonly [number, number])[];
}

interface BatchOptions {
  endToken: number;
  /** Most tokens of one sequence. */
  contextLength: number;
  prefix: string;
  /** Size of the vocabulary, where the objective takes soft targets. */
  vocabulary?: number;
  /** Sites with a trainable shift. */
  shifts: readonly SiteId[];
}

/** Throws: ContextLengthError for a sequence that the model has no positions for. */
export async function exampleBatch(
  builder: SequenceBuilder,
  examples: readonly Example[],
  { endToken, contextLength, prefix, vocabulary, shifts }: BatchOptions,
): Promise<ExampleBatch> {
  const sequences: Sequence[] = [];
  for (const { query, answer, prefix: own = "", labels = "answer" } of examples) {
    const sequence = await builder.build(
      query,
      answer,
      prefix + own,
      labels === "answer" ? { append: [endToken] } : {},
    );
    requireRoom(query, sequence.embeds.dims[1], contextLength);
    sequences.push(sequence);
  }
  const tokens = Math.max(...sequences.map(({ embeds }) => embeds.dims[1]));
  const [rows, labels, weights, soft]: [number[], number[], number[], (Float32Array | undefined)[]] = [[], [], [], []];
  const add = (row: number, label: number, weight: number, target?: Float32Array) => {
    rows.push(row);
    labels.push(label);
    weights.push(weight);
    soft.push(target);
  };
  const labelled = examples.filter((each) => each.labels !== "none").length;
  const spans = examples.map((example, e): [number, number] => {
    const [first, start] = [rows.length, e * tokens];
    const { weight = 1 / labelled } = example;
    const scored = scoredRows(example, sequences[e]);
    for (const [row, id] of scored) add(start + row, id, weight / scored.length);
    const end = rows.length;
    for (const { row, distribution, weight: share } of example.soft ?? [])
      add(start + row, 0, 0, distribution.map((p) => p * share)); // prettier-ignore
    return [first, end];
  });
  const feeds: Record<string, Tensor> = {
    rows: int64(rows, [rows.length]),
    labels: int64(labels, [rows.length]),
    loss_weights: float32(weights, [rows.length]),
  };
  if (vocabulary !== undefined) feeds.soft_targets = softTargets(soft, vocabulary);
  for (const site of shifts) feeds[shiftRowNames(site).mask] = shiftMask(examples, site, tokens);
  return { embeds: stacked(sequences, tokens), sequences, feeds, spans };
}

/** Row r of the logits predicts token r + 1, so labels sit one row before the token that they name. */
function scoredRows({ labels = "answer" }: Example, { text, firstRow }: Sequence): [row: number, id: number][] {
  const { boundary, answer } = text;
  if (labels === "none") return [];
  if (labels === "prompt-last") return answer.map((id) => [firstRow - boundary.length, id]);
  const ids = labels === "answer" ? [...boundary, ...answer] : answer;
  const start = labels === "answer" ? firstRow - boundary.length : firstRow;
  return ids.map((id, i) => [start + i, id]);
}

function stacked(sequences: readonly Sequence[], tokens: number): Tensor<Float32Array> {
  const hidden = sequences[0].embeds.dims[2];
  if (sequences.length === 1) return sequences[0].embeds;
  const data = new Float32Array(sequences.length * tokens * hidden);
  sequences.forEach(({ embeds }, e) => data.set(embeds.data, e * tokens * hidden));
  return float32(data, [sequences.length, tokens, hidden]);
}

function softTargets(rows: readonly (Float32Array | undefined)[], vocabulary: number): Tensor<Float32Array> {
  const data = new Float32Array(rows.length * vocabulary);
  rows.forEach((row, i) => row && data.set(row, i * vocabulary));
  return float32(data, [rows.length, vocabulary]);
}

function shiftMask(examples: readonly Example[], site: SiteId, tokens: number): Tensor<Float32Array> {
  const data = new Float32Array(examples.length * tokens);
  examples.forEach(({ shifts }, e) => {
    if (shifts?.[site] !== undefined) data[e * tokens + shifts[site]] = 1;
  });
  return float32(data, [examples.length, tokens]);
}
