import type { SiteId } from "../../models/edit.ts";
import type { Example } from "../../models/example-batch.ts";

export interface WiseOptions {
  /** Most steps of gradient descent an edit. Default 70, as published for text models (10 for vision-language models of 7B). */
  steps?: number;
  /** Step size. Default 1, as published. */
  lr?: number;
  /** Decay of the change of the weight. Default 1e-5. */
  weightDecay?: number;
  /** Largest absolute change of a weight. Default 1, as published. */
  clamp?: number;
  /** No further step is taken once the loss, margins included, is below this. Default 0.02, as published. */
  stopBelow?: number;
  /** Share of the weights that a group of edits may change. Default 0.2, as published. */
  share?: number;
  /** Prompts of the corpus whose activations shall rest. Default 4 (published 1); without a corpus there are none. */
  localityPrompts?: number;
  /** Activation change below which those shall stay. */
  alpha?: number;
  /** Activation change that edited prompts shall exceed. */
  beta?: number;
  /** By how much they shall exceed every other. */
  gamma?: number;
  /** A side memory answers from this share of the smallest change that its own edits showed. Default 0.88, as published for text models; (0, 1]. */
  ratio?: number;
  /**
   * Edits after which the copy is put by and a fresh one begun. Default 0: one for every 90,000 numbers of the weight, as the published 500 are
   * for models of 7B (at least 1, as on the phantom model). In a copy that took more, later edits bring the activations of earlier ones below
   * the threshold.
   */
  saveEvery?: number;
  /** Edits after which the newest of those are merged (TIES). A multiple of saveEvery. Default 1000. */
  mergeEvery?: number;
  /** Share of each change that a merge keeps. Default 0.53, as published. */
  density?: number;
  /** Which tokens are trained: "answer" with word boundary and end token; "answer-only" the words alone, as official code does. */
  labels?: Extract<Example["labels"], "answer" | "answer-only">;
  /** "official" routes as released code does (see ActivationScope). Default "corrected". */
  variant?: "official" | "corrected";
  /** Site that is copied. Default: the MLP down projection at 27/31 of the depth. */
  site?: SiteId;
}

export const WISE_DEFAULTS = {
  steps: 70,
  lr: 1,
  weightDecay: 1e-5,
  clamp: 1,
  stopBelow: 0.02,
  share: 0.2,
  localityPrompts: 4,
  alpha: 5,
  beta: 20,
  gamma: 10,
  ratio: 0.88,
  saveEvery: 0,
  mergeEvery: 1000,
  density: 0.53,
  labels: "answer",
  variant: "corrected",
  site: undefined,
} as const satisfies WiseOptions;

/** Options with defaults filled in. */
export type WiseSettings = Required<Omit<WiseOptions, "site">> & Pick<WiseOptions, "site">;
