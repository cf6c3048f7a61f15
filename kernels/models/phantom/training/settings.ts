import type { OptimiserOptions } from "../../../runtime/optimisers/optimiser.ts";
import type { Stage } from "./batch-protocol.ts";

/** What is trained one after another. "again" goes on with the language stage from a full step size: a warm restart (arXiv 1608.03983). */
export const ROUNDS = ["vision", "language", "again"] as const;
export type Round = (typeof ROUNDS)[number];
/** Which graph and which batches a round takes. */
export const stageOf = (round: Round): Stage => (round === "vision" ? "vision" : "language");

export interface RoundSettings {
  /** Steps of a full run. */
  steps: number;
  /** Images in a batch. */
  batch: number;
  optimiser: OptimiserOptions & { lr: number };
  /** Steps over which the step size rises; it then falls along a cosine to `floor`. */
  warmup: number;
  floor: number;
}

/** Tokens of text behind an image: about ten questions, of which four need no image. */
export const TEXT_TOKENS = 160;
/** Weight of the dense loss beside that of the answers. */
export const DENSE_SHARE = 0.2;

/** Fits into 90 minutes on 2 cores. */
export const SETTINGS: Record<Round, RoundSettings> = {
  vision: {
    steps: 500,
    batch: 32,
    optimiser: { kind: "adamw", lr: 2e-3, weightDecay: 0.02 },
    warmup: 100,
    floor: 0.1,
  },
  language: {
    steps: 1500,
    batch: 16,
    optimiser: { kind: "adamw", lr: 1.5e-3, weightDecay: 0.02, betas: [0.9, 0.98] },
    warmup: 200,
    floor: 0.02,
  },
  again: {
    steps: 1500,
    batch: 16,
    optimiser: { kind: "adamw", lr: 1.2e-3, weightDecay: 0.02, betas: [0.9, 0.98] },
    warmup: 100,
    floor: 0.01,
  },
};
