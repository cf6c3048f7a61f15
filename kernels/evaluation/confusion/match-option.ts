import { normaliseAnswer } from "../normalise-answer.ts";
import type { OptionScores } from "./choice.ts";

/**
 * Which option a free-form reply says, without a judge: the option that it equals; else the one option whose words stand in it in one
 * piece; else, where both options begin with yes or no, the one that begins as the reply does. Anything else is no choice.
 *
 * Units: 10 for the option said, otherwise 0 for both. Texts are compared after `normaliseAnswer`.
 */
export function matchOption(reply: string, options: readonly [string, string]): OptionScores {
  const said = normaliseAnswer(reply);
  const texts = options.map(normaliseAnswer);
  const rules: ((text: string) => boolean)[] = [
    (text) => text === said,
    (text) => ` ${said} `.includes(` ${text} `),
    (text) => /^(yes|no)\b/.test(text) && firstWord(text) === firstWord(said),
  ];
  for (const rule of rules) {
    const [a, b] = texts.map((text) => text !== "" && rule(text));
    if (a !== b) return { A: a ? 10 : 0, B: b ? 10 : 0 };
  }
  return { A: 0, B: 0 };
}

const firstWord = (text: string) => text.split(" ", 1)[0];
