import type { Site } from "../onnx/sites.ts";
import type { Tensor } from "../tensor.ts";
import type { Edit, SiteId } from "./edit.ts";
import type { Model, Query } from "./model.ts";
import type { SentenceEncoder } from "./sentence-encoder.ts";

/** Loss and its gradients at some sites, compiled once a model and run at every step of an edit. */
export interface LossProgram {
  /**
   * Mean negative log-likelihood (nats per token) of `answer`, its word boundary and the end token, and d loss / d delta at every site.
   *
   * Shapes: deltas and gradients [in, out] of their site; the model answers with y + x delta.
   */
  run(
    query: Query,
    answer: string,
    deltas: Record<SiteId, Tensor<Float32Array>>,
    options?: { signal?: AbortSignal },
  ): Promise<LossStep>;
}

export interface LossStep {
  loss: number;
  gradients: Record<SiteId, Tensor<Float32Array>>;
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
  /** Compiles the loss with a trainable delta at these sites; edits of this view stay in force. */
  lossProgram(sites: SiteId[]): Promise<LossProgram>;
  /** Number of tokens, image included, that a query takes in this view. */
  promptLength(query: Query): number;
  /** Mean of the token embeddings of a text, [hidden]. A sentence encoder that every model has. */
  embedText(text: string): Promise<Float32Array>;
  /**
   * A sentence encoder by its name (see openSentenceEncoder), or "embeddings" for the mean of the model's own token embeddings. It is opened
   * once, and disposed with the model.
   */
  sentenceEncoder(name: string): Promise<SentenceEncoder>;
  with(...edits: Edit[]): EditableModel;
}
