/** What is trained one after the other. */
export const STAGES = ["vision", "language", "wordings"] as const;
export type Stage = (typeof STAGES)[number];

export interface BatchWorkerData {
  /** Seed of all scenes and questions. */
  seed: number;
  /** Images in a batch, by stage. */
  batch: Record<Stage, number>;
  /** Tokens of text behind an image. */
  text: number;
}

export interface BatchRequest {
  stage: Stage;
  /** Batch number from 0. */
  step: number;
}

/** A value for every stage. */
export const perStage = <T>(value: (stage: Stage) => T): Record<Stage, T> =>
  Object.fromEntries(STAGES.map((stage) => [stage, value(stage)])) as Record<Stage, T>;
