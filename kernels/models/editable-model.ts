import type { Site } from "../onnx/sites.ts";
import type { Tensor } from "../tensor.ts";
import type { Edit, SiteId } from "./edit.ts";
import type { EditObjective, ObjectiveOptions } from "./edit-objective.ts";
import type { Model, Query } from "./model.ts";
import type { EncodedText } from "./prompt.ts";
import type { Tap } from "./taps.ts";
import type { SentenceEncoder } from "./sentence-encoder.ts";

export interface StatesOptions {
  /** What stands behind the prompt. Default: nothing. */
  answer?: string;
  /** Text in front of the question, beside what edits in force put there. */
  prefix?: string;
  signal?: AbortSignal;
}

/** Hidden values of one sequence. */
export interface States {
  /** In the order of the taps, [tokens, width] each. */
  values: Tensor<Float32Array>[];
  /** The sequence in ids; row r of the values is that of its token r. */
  text: EncodedText;
  /** First row of the image's features and the row past the last, where there is an image. */
  imageRows?: readonly [number, number];
}

/** What editors see of a model, beyond asking it. */
export interface EditableModel extends Model {
  /** Places where an intervention may act, found from the graph. */
  readonly sites: readonly Site[];
  /** Most tokens that the decoder takes, image tokens included. */
  readonly contextLength: number;
  /** A copy of a site's weight in this view (base plus edits), [in, out]. */
  weight(site: SiteId): Tensor<Float32Array>;
  /** Logits of the whole sequence: image, prompt, then `answer`. [1, tokens, vocabulary] */
  logits(query: Query, answer: string): Promise<Tensor<Float32Array>>;
  /** Hidden values at every token of a query's sequence; edits of this view that always act are in force, those with a scope are not. Throws: UnknownNameError for a site. */
  states(query: Query, taps: readonly Tap[], options?: StatesOptions): Promise<States>;
  /**
   * Prepares a loss of some examples as a function of trainables. Edits of this view that always act stay in force; those with a scope take
   * no part. The caller releases it.
   */
  objective(options: ObjectiveOptions): Promise<EditObjective>;
  /** Number of tokens, image included, that a query takes in this view. */
  promptLength(query: Query): number;
  /** First row of an image's features in the sequence of a query, and the row past the last; undefined without an image. */
  imageRows(query: Query): Promise<readonly [number, number] | undefined>;
  /** Row of the last token of the question's first `end` characters, in the sequence of a query. */
  promptRow(query: Query, end: number): number;
  /** How often sequences went through the decoder, or a part of it, and back, since the model was loaded. */
  readonly passes: { forward: number; backward: number };
  /** Mean of the token embeddings of a text, [hidden]. A sentence encoder that every model has. */
  embedText(text: string): Promise<Float32Array>;
  /**
   * A sentence encoder by its name (see openSentenceEncoder), or "embeddings" for the mean of the model's own token embeddings. It is opened
   * once, and disposed with the model.
   */
  sentenceEncoder(name: string): Promise<SentenceEncoder>;
  with(...edits: Edit[]): EditableModel;
}
