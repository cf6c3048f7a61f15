import type { ConfusionJudge } from "../evaluation/confusion/modes/free-form.ts";
import { confusionJudge, confusionPrompt } from "../evaluation/judge/confusion-prompt.ts";
import { describeUsage, estimateUsage } from "../evaluation/judge/judge-cost.ts";
import { DEFAULT_MAX_TOKENS, Judge } from "../evaluation/judge/judge.ts";
import { CommandLineError } from "./options.ts";

export const JUDGE_OPTIONS = {
  judge: { help: "mode ff: address of an OpenAI-compatible service that judges replies; off when left out" },
  "judge-model": { help: "the model to ask there" },
  "judge-key-env": { help: "environment variable with its key", default: "MEDKE_JUDGE_KEY" },
  "judge-prices": { help: "IN,OUT: prices per million tokens, to show what judging costs" },
  "judge-cache": { help: "folder that keeps judgements, so that none is paid for twice" },
} as const;

export interface OpenedJudge {
  confusion: ConfusionJudge;
  /** What so many replies may cost, before the first is judged. */
  estimate(replies: number): string;
  /** What was asked and what it cost. */
  spent(): string;
}

type Given = { [K in keyof typeof JUDGE_OPTIONS]: string | undefined };

/** The judge that the options name; undefined without one. Throws: CommandLineError; JudgeSettingsError. */
export function openJudge(given: Given, useful: boolean): OpenedJudge | undefined {
  if (!given.judge) return undefined;
  if (!useful)
    throw new CommandLineError("--judge: only mode ff has replies to judge. Leave --judge out, or add --mode ff.");
  if (!given["judge-model"]) throw new CommandLineError("--judge-model is missing. Name the model that judges.");
  const prices = readPrices(given["judge-prices"]);
  const judge = new Judge({
    url: given.judge,
    model: given["judge-model"],
    keyVariable: given["judge-key-env"],
    ...(prices && { prices }),
    ...(given["judge-cache"] && { cache: given["judge-cache"] }),
  });
  const typical = confusionPrompt({
    question: "q".repeat(80),
    options: ["a".repeat(30), "b".repeat(30)],
    reply: "r".repeat(80),
  });
  return {
    confusion: confusionJudge(judge),
    estimate: (replies) =>
      `judge ${given["judge-model"]}: at most about ${describeUsage(estimateUsage(Array(replies).fill(typical), DEFAULT_MAX_TOKENS), prices)}`,
    spent: () => `judge ${given["judge-model"]}: ${describeUsage(judge.usage, prices)}`,
  };
}

function readPrices(text: string | undefined): { input: number; output: number } | undefined {
  if (text === undefined) return undefined;
  const [input, output, ...rest] = text.split(",").map(Number);
  if (rest.length || !(input >= 0) || !(output >= 0))
    throw new CommandLineError(`--judge-prices "${text}" is not two prices. Write for example --judge-prices 2.5,10.`);
  return { input, output };
}
