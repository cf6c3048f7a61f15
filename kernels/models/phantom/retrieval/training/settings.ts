import type { StageSettings } from "../../training/settings.ts";

/** Scenes that are drawn together, half of them with one attribute of the other half changed: hard negatives of each other. */
export const GROUP = 22;

/**
 * Groups in a batch, by their age in steps. Drawing a scene costs more than learning from it, so each is shown three times, some steps
 * apart and among others.
 */
export const AGES = [0, 7, 14] as const;

export const BATCH = GROUP * AGES.length;

/** Weight of the dense loss (what is where) beside the three contrastive ones. */
export const DENSE_SHARE = 3;

/** Fits into 10 minutes on 2 cores. */
export const SETTINGS: StageSettings = {
  steps: 600,
  batch: BATCH,
  optimiser: { kind: "adamw", lr: 2e-3, weightDecay: 0.02, betas: [0.9, 0.98] },
  warmup: 60,
  floor: 0.02,
};
