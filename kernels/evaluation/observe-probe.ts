import type { Probe } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { AnswerScore, Model } from "../models/model.ts";

/** What a model, or a view of it, does with one probe. */
export interface Observation {
  /** Greedy free generation. */
  answer: string;
  /** Teacher-forced score of `scoredText(probe)`. */
  score: AnswerScore;
}

/** The text that is teacher-forced: the wanted answer, or for locality the reference answer. */
export const scoredText = ({ expect }: Probe): string => ("answer" in expect ? expect.answer : expect.context);

/** Asks and scores one probe. Throws: CancelledError, and what the model throws. */
export async function observeProbe(model: Model, probe: Probe, signal?: AbortSignal): Promise<Observation> {
  throwIfCancelled(signal, "evaluation");
  const query = { image: probe.image, question: probe.question };
  const answer = await model.answer(query, { signal });
  const score = await model.score(query, scoredText(probe), { signal });
  return { answer, score };
}
