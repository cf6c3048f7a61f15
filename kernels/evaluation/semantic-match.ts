import { normaliseAnswer } from "./normalise-answer.ts";

export interface SemanticRules {
  /** Texts of the options by letter, where the question offers some. */
  options?: Readonly<Record<string, string>>;
  /** Groups of answers that mean the same, such as [["chest radiograph", "chest x-ray", "cxr"]]. */
  synonyms?: readonly (readonly string[])[];
}

/** Words before an answer that say nothing. */
const LEAD =
  /^(the )?(final |correct )?(answer|option|choice) (is |would be )?|^(it|this|that|there|they|these)( is| are|s) /;
const NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");

/**
 * Whether an answer means the wanted one: equal after normalisation, number words as digits, words such as "the answer is" left out, an option's
 * letter as its text, and members of one synonym group alike. A leading yes or no decides where the wanted answer is one of them.
 *
 * It is stricter than a judge: what is not the same by these rules is wrong. Example: "It is a Chest X-ray." means "cxr" given the group above.
 */
export function semanticMatch(
  answer: string,
  wanted: string,
  { options = {}, synonyms = [] }: SemanticRules = {},
): boolean {
  const groups = synonyms.map((group) => group.map(plain));
  const meaning = (text: string) => {
    const spelt = plain(optionText(text, options) ?? text);
    return groups.find((group) => group.includes(spelt))?.[0] ?? spelt;
  };
  const [said, meant] = [meaning(answer), meaning(wanted)];
  if (said === "" || meant === "") return said === meant;
  if (meant === "yes" || meant === "no") return said.split(" ")[0] === meant;
  return said === meant;
}

/** The options that a question offers as "A: left lung" or "(A) left lung", a line or a comma apart. */
export function optionsOf(question: string): Record<string, string> {
  const found = [
    ...question.matchAll(/(?:^|[\s,;(])\(?([A-F])[):.]\s*([^\n,;]+?)(?=\s*(?:[\n,;]|\(?[A-F][):.]\s|$))/g),
  ];
  // A single letter is no list of options.
  return found.length < 2 ? {} : Object.fromEntries(found.map(([, letter, text]) => [letter, text.trim()]));
}

/** The text of an option that is named by its letter: "B", "(B)", "B.", "option B", "B: right lung". */
function optionText(text: string, options: Readonly<Record<string, string>>): string | undefined {
  const letter = /^\s*(?:option\s+)?["'(]*([A-Fa-f])["')]*(?:[.:)]\s*(.*))?\s*$/i.exec(text);
  const option = letter && options[letter[1].toUpperCase()];
  // A letter with another option's text behind it says two things at once.
  return option && (!letter[2] || plain(letter[2]) === plain(option)) ? option : undefined;
}

const plain = (text: string): string => {
  const words = normaliseAnswer(text).replace(LEAD, "");
  return normaliseAnswer(words)
    .split(" ")
    .map((word) => (NUMBERS.includes(word) ? String(NUMBERS.indexOf(word)) : word))
    .join(" ");
};
