import type { OptimiserOptions } from "../../../runtime/optimisers/optimiser.ts";
import type { Stage } from "./batch-protocol.ts";

export interface StageSettings {
  /** Steps of a full run. */
  steps: number;
  /** Images in a batch. */
  batch: number;
  optimiser: OptimiserOptions & { lr: number };
  /** Steps over which the step size rises; it then falls along a cosine to `floor`. */
  warmup: number;
  floor: number;
}

/** Tokens of text behind an image: about eleven questions, of which two or three need no image. */
export const TEXT_TOKENS = 160;
/** Weight of the dense loss beside that of the answers. */
export const DENSE_SHARE = 0.2;

/**
 * Fits into 90 minutes on 2 cores. Small batches: from the same number of images, steps of 4 learnt to tell kinds apart that steps of 32
 * did not.
 */
export const SETTINGS: Record<Stage, StageSettings> = {
  vision: {
    steps: 24_000,
    batch: 4,
    optimiser: { kind: "adamw", lr: 3e-3, weightDecay: 0.02 },
    warmup: 100,
    floor: 0.1,
  },
  language: {
    steps: 9_000,
    batch: 8,
    optimiser: { kind: "adamw", lr: 1e-3, weightDecay: 0.02, betas: [0.9, 0.98] },
    warmup: 300,
    floor: 0.02,
  },
  wordings: {
    steps: 1_200,
    batch: 8,
    optimiser: { kind: "adamw", lr: 5e-4, weightDecay: 0.02, betas: [0.9, 0.98] },
    warmup: 100,
    floor: 0.02,
  },
};
