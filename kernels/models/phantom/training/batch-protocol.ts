import type { Tensor } from "../../../tensor.ts";

export type Stage = "vision" | "language";

export interface BatchWorkerData {
  /** Seed of all scenes and questions. */
  seed: number;
  /** Images in a batch, by stage. */
  batch: Record<Stage, number>;
  /** Tokens of text behind an image. */
  text: number;
}

export interface BatchRequest {
  id: number;
  stage: Stage;
  /** Batch number from 0. */
  step: number;
}

export type BatchReply = { id: number; feeds: Record<string, Tensor> } | { id: number; error: string };
