import type { ImageRef } from "../../datasets/case.ts";
import type { DeviceReport } from "../runtime/device.ts";
import type { Edit } from "./edit.ts";
import type { Decision } from "./scopes/scope.ts";
import type { Observed, ObserveOptions } from "./observe.ts";
import type { SamplingOptions } from "./top-k-sampling.ts";

/** What a model is asked. */
export interface Query {
  image?: ImageRef;
  question: string;
}

export interface GenerateOptions extends SamplingOptions {
  /** Default 100; fewer where the context ends before. */
  maxNewTokens?: number;
  signal?: AbortSignal;
}

/** A teacher-forced answer: how the model scores a given text as the answer to a query. */
export interface AnswerScore {
  /** Token ids of the answer in its context. [tokens] */
  ids: number[];
  /** The model's most likely id at each of those positions; ties go to the first index. [tokens] */
  argmax: number[];
  /** log p(id | everything before), nats. [tokens] */
  logprobs: number[];
}

/**
 * A vision-language model, or a view of one with edits in force.
 *
 * The base weights are never changed: `with` shares them, and dropping the view undoes the edit. Views own nothing; dispose the
 * base model alone.
 */
export interface Model {
  /** Folder name of the model, such as "vqarad-tiny-vlm". */
  readonly id: string;
  readonly device: DeviceReport;
  /** Digest of the files that decide the model's answers, where it comes from files. */
  digest?(): Promise<string>;
  /** Edits in force, in order; empty on the base model. */
  readonly edits: readonly Edit[];
  /** Greedy answer to a query, natural stop, trimmed. */
  answer(query: Query, options?: { signal?: AbortSignal }): Promise<string>;
  /** Sampled continuation of a query: seeded top-k, natural stop, trimmed. */
  generate?(query: Query, options?: GenerateOptions): Promise<string>;
  /** Scores `answer` as the continuation of the query's prompt. */
  score(query: Query, answer: string, options?: { signal?: AbortSignal }): Promise<AnswerScore>;
  /** What the model says of every token of an answer, or of the whole sequence: more than `score`, for scoring profiles that ask more. */
  observe?(query: Query, answer: string, options?: ObserveOptions): Promise<Observed>;
  /** What the edits in force that route say of this query: the latest that fires, else the last; undefined where none routes. */
  route?(query: Query): Promise<Decision | undefined>;
  /** A cheap view in which these edits, after those already in force, act. */
  with(...edits: Edit[]): Model;
  dispose(): Promise<void>;
}
