import type { Probe } from "../../datasets/case.ts";
import { sameAnswer } from "./normalise-answer.ts";
import type { Observation } from "./observe-probe.ts";
import type { ProbeResult } from "./result.ts";
import { argmaxAgreement } from "./scoring/argmax-agreement.ts";
import { meanLogprob } from "./scoring/mean-logprob.ts";
import { tokenAccuracy } from "./scoring/token-accuracy.ts";

/**
 * One probe's outcome from what the model did before and after the edit.
 *
 * A wanted answer counts as in `metrics/`: right tokens, and the whole answer after normalisation. An answer that must stay is compared
 * with the base model's own; before the edit it agrees with itself, so its base is 1 by construction.
 */
export function compareProbe(probe: Probe, before: Observation, after: Observation): ProbeResult {
  const { expect } = probe;
  const wanted = "answer" in expect ? expect.answer : undefined;
  const expected = wanted ?? before.answer;
  return {
    kind: probe.kind,
    ...(probe.name === undefined ? {} : { name: probe.name }),
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
    tf_before: wanted === undefined ? argmaxAgreement(before.score, before.score) : tokenAccuracy(before.score),
    tf_after: wanted === undefined ? argmaxAgreement(before.score, after.score) : tokenAccuracy(after.score),
  };
}
