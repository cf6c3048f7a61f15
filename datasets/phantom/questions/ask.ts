import type { Random } from "../../../kernels/random.ts";
import type { Worded } from "./nest.ts";
import type { QuestionAnswer, TemplateSplit } from "./question.ts";

/** Something that a scene can be asked, before it is put into words. */
export interface Ask extends Omit<QuestionAnswer, "question" | "template"> {
  word(split: TemplateSplit, random: Random): Worded;
}

export function putIntoWords({ word, ...rest }: Ask, split: TemplateSplit, random: Random): QuestionAnswer {
  return { ...word(split, random), ...rest };
}
