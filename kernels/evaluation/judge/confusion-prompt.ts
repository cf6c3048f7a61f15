import type { ConfusionJudge } from "../confusion/modes/free-form.ts";
import type { Judge } from "./judge.ts";

/** What a judge is asked about a free-form reply to the question of a confusion pair. The wording is this project's, the form of the reply the published one. */
export const confusionPrompt = ({ question, options: [a, b], reply }: Parameters<ConfusionJudge>[0]): string =>
  [
    "Somebody was asked a question about an image and replied in their own words. Say how close the reply is to each of two possible answers.",
    `Question: ${question}`,
    `Answer A: ${a}`,
    `Answer B: ${b}`,
    `Reply: ${reply}`,
    "Give each answer a whole number from 1 (nothing in common with the reply) to 10 (the same). Judge the meaning, not the wording or its truth.",
    "Write exactly three lines:",
    "A: number",
    "B: number",
    "Your explanation: one sentence",
  ].join("\n");

/** A judge of free-form replies in `evaluateConfusion`. */
export const confusionJudge =
  (judge: Judge): ConfusionJudge =>
  (judged, options) =>
    judge.ask(confusionPrompt(judged), options);
