import type { Probe } from "../../datasets/case.ts";
import { throwIfCancelled, UserFacingError } from "../errors.ts";
import type { AnswerScore, Model } from "../models/model.ts";
import type { Decision } from "../models/scopes/scope.ts";
import type { Observed } from "../models/observe.ts";
import { askKey } from "./profiles/observed-by.ts";
import type { Profile } from "./profiles/profile.ts";

/** What a model, or a view of it, does with one probe. */
export interface Observation {
  /** Greedy free generation. */
  answer: string;
  /** Teacher-forced score of `scoredText(probe)`: what the metrics count. */
  score: AnswerScore;
  /** Text whose log-probability is shown, and its score: the wanted answer, or for locality what the base model says. */
  shown: { text: string; score: AnswerScore };
  /** What profiles asked beyond that, by ask. */
  asked?: Record<string, Observed>;
  /** Where an edit in force routes: what its scope decided. */
  routed?: Decision;
}

/** Cause: a profile asks more of a model than it can tell. Handled by: the caller, who leaves the profile out. */
export class ProfileNeedsError extends UserFacingError {}

/** The text that is teacher-forced for the metrics: the wanted answer, or for locality the reference answer. */
export const scoredText = ({ expect }: Probe): string => ("answer" in expect ? expect.answer : expect.context);

/**
 * Asks and scores one probe. `baseAnswer` is the base model's own answer; leave it out when the base model itself is observed.
 * `profiles` may ask for more than the common things.
 *
 * Throws: CancelledError, ProfileNeedsError, and what the model throws.
 */
export async function observeProbe(
  model: Model,
  probe: Probe,
  signal?: AbortSignal,
  baseAnswer?: string,
  profiles: readonly Profile[] = [],
): Promise<Observation> {
  throwIfCancelled(signal, "evaluation");
  const query = { image: probe.image, question: probe.question };
  const answer = await model.answer(query, { signal });
  const score = await model.score(query, scoredText(probe), { signal });
  const asked = await askFor(profiles, { model, probe, baseAnswer: baseAnswer ?? answer, signal });
  const route = await model.route?.(query);
  const more = {
    ...(Object.keys(asked).length && { asked }),
    ...(route && { routed: route }),
  };
  if ("answer" in probe.expect) return { answer, score, shown: { text: scoredText(probe), score }, ...more };
  // A base model that says nothing leaves nothing to score; then the reference answer stands in.
  const text = (baseAnswer ?? answer).trim() || scoredText(probe);
  return { answer, score, shown: { text, score: await model.score(query, text, { signal }) }, ...more };
}

/** What the profiles ask, each thing once. Throws: ProfileNeedsError. */
async function askFor(
  profiles: readonly Profile[],
  { model, probe, baseAnswer, signal }: { model: Model; probe: Probe; baseAnswer: string; signal?: AbortSignal },
): Promise<Record<string, Observed>> {
  const asked: Record<string, Observed> = {};
  for (const profile of profiles)
    for (const ask of profile.asks?.(probe, baseAnswer) ?? []) {
      if (!model.observe)
        throw new ProfileNeedsError(
          `profile "${profile.name}": model "${model.id}" cannot be observed row by row. Leave the profile out, or load the model with loadModel.`,
        );
      const { question, answer, ...options } = ask;
      asked[askKey(ask)] ??= await model.observe({ image: probe.image, question }, answer, { ...options, signal });
    }
  return asked;
}
