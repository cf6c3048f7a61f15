import type { Example } from "../models/example-batch.ts";

/** What all fine-tuning editors take. */
export interface FtOptions {
  /** Steps. */
  steps?: number;
  /** Step size. Defaults suit models of a few million parameters; published runs on 7B models use 1e-4 to 5e-4. */
  lr?: number;
  /** Decoupled weight decay towards zero; 0 is Adam. */
  weightDecay?: number;
  /** No further step is taken once the mean loss is below this many nats per token; 0 never stops. */
  stopBelow?: number;
  /** Largest absolute change of a weight; 0 sets no bound. */
  clamp?: number;
  /**
   * Which tokens are trained: "answer" with word boundary and end token, so that greedy generation starts and stops as it shall;
   * "answer-only" the words alone, as official code does.
   */
  labels?: Extract<Example["labels"], string>;
}

export const FT_DEFAULTS: Required<FtOptions> = {
  steps: 25,
  lr: 0.0025,
  weightDecay: 0,
  stopBelow: 0,
  clamp: 0,
  labels: "answer",
};
