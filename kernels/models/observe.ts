import type { PreTrainedTokenizer } from "@huggingface/transformers";
import type { Tensor } from "../tensor.ts";
import { logDistribution, logitRow } from "./logit-rows.ts";
import { packRow } from "./packed-row.ts";
import type { EncodedText } from "./prompt.ts";
import { topIds } from "./top-ids.ts";

/** How question and answer are put together, and how much of what the model says of them is wanted. */
export interface ObserveOptions {
  /**
   * "own" (default): the model's prompt, the answer in its context, a blank before its first word kept out of the score (as `score`).
   * "template": the model's prompt, a blank and the answer as one text. "plain": the bare question, a blank and the answer.
   */
  form?: "own" | "template" | "plain";
  /** Words around the question, which stands at "{question}". An edit that looks for the question sees it without them. Default none. */
  wording?: string;
  /**
   * Which ids of the answer the asker scores. "in-context" (default): those it has in this sequence. "bare", "spaced": those it has alone,
   * without or with a blank before it, against as many of the last rows, as published scorers do. A table's answer stands there in these ids.
   */
  labels?: "in-context" | "bare" | "spaced";
  /** "answer" (default): the rows that predict the answer's tokens. "all": every row, image positions and the last one too. */
  positions?: "answer" | "all";
  /** Ids kept at each of those rows, best first. Default 1. */
  topK?: number;
  /** Whether the whole distributions at the answer's rows are kept: as many numbers as the vocabulary has ids, for every token. */
  distributions?: boolean;
  /** Whether the model also writes on by itself behind the question, greedily, as many ids as the asker's `labels` are. */
  writes?: boolean;
  signal?: AbortSignal;
}

/** What a model says, row by row, of a sequence that it is given. Row r predicts token r + 1. Plain data. */
export interface Observed {
  /** Number of tokens, image tokens included. */
  length: number;
  /** Ids of the answer in its context. [n] */
  ids: number[];
  /** Row that predicts the first of them. */
  firstRow: number;
  /** log p(id | everything before), nats. [n] */
  logprobs: number[];
  /** Ids of the answer tokenised apart from its context, without and with a blank before it. */
  apart: { bare: number[]; spaced: number[] };
  /** Best ids of the wanted rows, best first; ties go to the lower id. [rows][topK] */
  top: number[][];
  /** What it writes by itself, if asked for: fewer ids than labels where it stops before. */
  written?: number[];
  /** Of all rows: those that a text which an edit puts in front of the question takes, and the base model has not. */
  inserted?: { at: number; rows: number };
  /** Log-probabilities at the answer's rows, nats, if asked for, each row packed (`unpackRow`). [n] of [vocabulary] */
  distributions?: string[];
}

/**
 * Reads an observation from the logits of a whole sequence, one row after another: no copy of them is made.
 *
 * Shapes: logits [1, tokens, vocabulary].
 */
export function readObservation(
  { prompt, boundary, answer }: EncodedText,
  apart: Observed["apart"],
  logits: Tensor<Float32Array>,
  { positions = "answer", topK = 1, distributions = false }: ObserveOptions,
): Observed {
  const length = logits.dims.at(-2)!;
  const firstRow = prompt.length + boundary.length - 1;
  const rows = answer.map((_, i) => firstRow + i);
  const wanted = positions === "all" ? Array.from({ length }, (_, row) => row) : rows;
  const said = rows.map((row) => logDistribution(logitRow(logits, row)));
  return {
    length,
    ids: answer,
    firstRow,
    logprobs: said.map((log, i) => log[answer[i]]),
    apart,
    top: wanted.map((row) => topIds(logitRow(logits, row), topK)),
    ...(distributions && { distributions: said.map(packRow) }),
  };
}

/** Where a sequence goes on as the bare one does not, and by how much it is longer: what an edit put in front of the question. */
export function insertedRows(bare: EncodedText, edited: EncodedText): { at: number; rows: number } {
  const [a, b] = [bare, edited].map(({ prompt, boundary, answer }) => [...prompt, ...boundary, ...answer]);
  const differs = a.findIndex((id, row) => b[row] !== id);
  return { at: differs < 0 ? a.length : differs, rows: Math.max(0, b.length - a.length) };
}

/** The ids of an answer apart from any context. */
export function tokenisedApart(tokenizer: PreTrainedTokenizer, answer: string): Observed["apart"] {
  const ids = (text: string) => tokenizer.encode(text, { add_special_tokens: false });
  return { bare: ids(answer), spaced: ids(` ${answer}`) };
}
