import type { ImageRef } from "../../../../datasets/case.ts";
import type { ConfusionPair } from "../../../../datasets/confusion-pair.ts";
import { UserFacingError } from "../../../errors.ts";
import type { EditableModel } from "../../../models/editable-model.ts";
import type { Model } from "../../../models/model.ts";
import type { Choice, OptionScores } from "../choice.ts";

/** The base model or a view; official prefix scores need its logits too. */
export type ConfusionModel = Model & Partial<Pick<EditableModel, "logits">>;

/** All that a model is told of a pair, beside one image. */
export type Asked = Pick<ConfusionPair, "question" | "options">;

/** What came of asking about one image. */
export interface Outcome {
  choice: Choice;
  scores: OptionScores;
  /** What the model wrote, in modes in which it writes. */
  reply?: string;
}

export type Ask = (image: ImageRef, asked: Asked, signal?: AbortSignal) => Promise<Outcome>;

/** Cause: a model cannot be asked in this mode. Handled by: the user, who takes another mode or variant. */
export class ConfusionModeError extends UserFacingError {}
