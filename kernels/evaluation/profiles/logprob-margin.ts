import type { Probe } from "../../../datasets/case.ts";
import { normaliseAnswer } from "../normalise-answer.ts";
import { scoredText } from "../observe-probe.ts";
import { meanOf } from "../scoring/masked-accuracy.ts";
import { observedBy } from "./observed-by.ts";
import { type Ask, type Profile, sideOf } from "./profile.ts";

/**
 * How much likelier the target is than what the base model answers: the difference of mean log-probabilities, nats per token. It moves long
 * before an answer flips. Probes that the base model answers with the target, or with nothing, have no margin.
 *
 * Source: profile of this project.
 */
export const logprobMargin: Profile = {
  name: "logprob-margin",
  summary: "mean log-probability of the target minus that of the base model's answer, nats per token",
  groups: { target: "mm.tf.logprob-margin" },
  mask: "answer",
  asks: (probe, baseAnswer) => asksOf(probe, baseAnswer),
  score(probe, before, after) {
    const asks = asksOf(probe, before.answer);
    if (asks.length === 0) return undefined;
    const margin = (seen: typeof before) => {
      const [target, old] = asks.map((ask) => meanOf(observedBy(seen, ask).logprobs, "logprob-margin"));
      return target - old;
    };
    return { before: margin(before), after: margin(after) };
  },
};

function asksOf(probe: Probe, baseAnswer: string): Ask[] {
  const target = scoredText(probe);
  const none = sideOf(probe) !== "target" || !baseAnswer.trim();
  if (none || normaliseAnswer(baseAnswer) === normaliseAnswer(target)) return [];
  return [target, baseAnswer].map((answer) => ({ question: probe.question, answer }));
}
