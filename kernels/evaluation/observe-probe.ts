import type { Probe } from "../../datasets/case.ts";
import { throwIfCancelled } from "../errors.ts";
import type { AnswerScore, Model } from "../models/model.ts";

/** What a model, or a view of it, does with one probe. */
export interface Observation {
  /** Greedy free generation. */
  answer: string;
  /** Teacher-forced score of `scoredText(probe)`: what the metrics count. */
  score: AnswerScore;
  /** Text whose log-probability is shown, and its score: the wanted answer, or for locality what the base model says. */
  shown: { text: string; score: AnswerScore };
}

/** The text that is teacher-forced for the metrics: the wanted answer, or for locality the reference answer. */
export const scoredText = ({ expect }: Probe): string => ("answer" in expect ? expect.answer : expect.context);

/**
 * Asks and scores one probe. `baseAnswer` is the base model's own answer; leave it out when the base model itself is observed.
 *
 * Throws: CancelledError, and what the model throws.
 */
export async function observeProbe(
  model: Model,
  probe: Probe,
  signal?: AbortSignal,
  baseAnswer?: string,
): Promise<Observation> {
  throwIfCancelled(signal, "evaluation");
  const query = { image: probe.image, question: probe.question };
  const answer = await model.answer(query, { signal });
  const score = await model.score(query, scoredText(probe), { signal });
  if ("answer" in probe.expect) return { answer, score, shown: { text: scoredText(probe), score } };
  // A base model that says nothing leaves nothing to score; then the reference answer stands in.
  const text = (baseAnswer ?? answer).trim() || scoredText(probe);
  return { answer, score, shown: { text, score: await model.score(query, text, { signal }) } };
}
