import type { JudgePrices } from "./judge-settings.ts";

/** Tokens, as the service counts them or as they are estimated. */
export interface JudgeUsage {
  calls: number;
  /** Replies that were in the cache. */
  cached: number;
  input: number;
  output: number;
}

/** Letters of an English token, on average: for estimates only. */
const LETTERS = 4;

/** Tokens that prompts will take, estimated from their length; every reply counts as `maxTokens`. */
export const estimateUsage = (prompts: readonly string[], maxTokens: number): JudgeUsage => ({
  calls: prompts.length,
  cached: 0,
  input: prompts.reduce((sum, prompt) => sum + Math.ceil(prompt.length / LETTERS), 0),
  output: prompts.length * maxTokens,
});

/** One line: calls, tokens and, where prices were given, what they come to. */
export function describeUsage({ calls, cached, input, output }: JudgeUsage, prices?: JudgePrices): string {
  const tokens = `${calls} calls${cached ? ` and ${cached} from the cache` : ""}, ${input} tokens in, ${output} out`;
  if (!prices) return `${tokens}; no prices were given`;
  return `${tokens}, cost ${((input * prices.input + output * prices.output) / 1e6).toFixed(4)}`;
}
