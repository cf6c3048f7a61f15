import type { Probe } from "../../datasets/case.ts";
import { actsFor } from "../models/scopes/scope.ts";
import { sameAnswer } from "./normalise-answer.ts";
import type { Observation } from "./observe-probe.ts";
import type { Profile, ScoringContext } from "./profiles/profile.ts";
import { tfToken } from "./profiles/tf-token.ts";
import type { ProbeResult } from "./result.ts";
import { meanLogprob } from "./scoring/mean-logprob.ts";

/**
 * One probe's outcome from what the model did before and after the edit.
 *
 * A wanted answer counts as in `metrics/`: right tokens, and the whole answer after normalisation. An answer that must stay is compared
 * with the base model's own; before the edit it agrees with itself, so its base is 1 by construction. `profiles` add their numbers.
 */
export function compareProbe(
  probe: Probe,
  before: Observation,
  after: Observation,
  { profiles = [], ...context }: ScoringContext & { profiles?: readonly Profile[] } = {},
): ProbeResult {
  const { expect } = probe;
  const wanted = "answer" in expect ? expect.answer : undefined;
  const expected = wanted ?? before.answer;
  const tokens = tfToken.score(probe, before, after, context)!;
  const scores = profiles.flatMap((profile) => {
    const pair = profile.score(probe, before, after, context);
    if (!pair) return [];
    const { before: was, after: is, weight } = pair;
    return [[profile.name, weight === undefined ? [was, is] : [was, is, weight]] as const];
  });
  const { routed } = after;
  return {
    kind: probe.kind,
    ...(probe.name === undefined ? {} : { name: probe.name }),
    ...(probe.hop === undefined ? {} : { hop: probe.hop }),
    ...(probe.image === undefined ? {} : { image: probe.image.id }),
    question: probe.question,
    before: before.answer,
    after: after.answer,
    expected,
    pass: sameAnswer(after.answer, expected),
    pass_before: sameAnswer(before.answer, expected),
    scored: before.shown.text,
    logprob_before: meanLogprob(before.shown.score),
    logprob_after: meanLogprob(after.shown.score),
    tf_before: tokens.before,
    tf_after: tokens.after,
    ...(scores.length && { scores: Object.fromEntries(scores) }),
    ...(routed && { routed: { fires: routed.fires, right: actsFor(routed, context.case) } }),
  };
}
