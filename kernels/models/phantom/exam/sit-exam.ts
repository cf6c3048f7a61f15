import type { ImageRef } from "../../../../datasets/case.ts";
import type { Scene } from "../../../../datasets/phantom/world/scene.ts";
import { throwIfCancelled } from "../../../errors.ts";
import type { Model } from "../../model.ts";
import type { ExamQuestion } from "./exam-question.ts";

export interface Answered extends ExamQuestion {
  given: string;
}

export interface SitOptions {
  /** Where a scene's picture lies. */
  image: (scene: Scene) => Promise<ImageRef>;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** Has a model answer all questions, greedily. */
export async function sitExam(model: Model, paper: readonly ExamQuestion[], options: SitOptions): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const each of paper) {
    throwIfCancelled(options.signal, "asking the model");
    const image = each.scene && (await options.image(each.scene));
    const given = await model.answer({ question: each.question, ...(image && { image }) }, { signal: options.signal });
    answered.push({ ...each, given });
    options.onProgress?.(answered.length, paper.length);
  }
  return answered;
}
