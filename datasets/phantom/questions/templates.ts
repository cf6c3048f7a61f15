import type { Random } from "../../../kernels/random.ts";
import type { TemplateSplit } from "./question.ts";

/** Wordings with slots in braces: `{x}`, and `{a x}` for the slot with its indefinite article. */
export type Templates = Readonly<Record<TemplateSplit, readonly string[]>>;

/** A wording chosen at random. */
export interface Chosen {
  text: string;
  /** Its place in the list of its split. */
  index: number;
}

/** One of the wordings that fit; at least one has to. */
export function choose(
  templates: Templates,
  split: TemplateSplit,
  random: Random,
  fits: (text: string) => boolean = () => true,
): Chosen {
  const text = random.pick(templates[split].filter(fits));
  return { text, index: templates[split].indexOf(text) };
}

/** Puts words into the slots of a wording. */
export const fill = (text: string, slots: Readonly<Record<string, string>>): string =>
  text.replace(/\{(a )?(\w+)\}/g, (_, article, slot) => (article ? withArticle(slots[slot]) : slots[slot]));

export const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
