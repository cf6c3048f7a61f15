import type { Random } from "../../../kernels/random.ts";
import type { Split } from "../knowledge/splits.ts";
import type { TemplateSplit } from "../questions/question.ts";
import { RELATION_TEMPLATES } from "../questions/relation-templates.ts";
import type { Templates } from "../questions/templates.ts";
import { VISUAL_TEMPLATES } from "../questions/visual-templates.ts";

/** What a question of a record is for: the edited one and what is asked beside it, or its rewording. */
export type Role = "asked" | "reworded";

interface Worded {
  question: string;
  /** As in QuestionAnswer. */
  template: string;
}

/**
 * Puts something into words that no other split of a form uses. Of the wordings that a model is trained on, the last two of each family
 * belong to validation and test; these are reworded with wordings that no model is trained on, while the training split, from which
 * editors learn, is reworded with those that it asks with.
 */
export function wordFor(
  { split, role, family, not }: { split: Split; role: Role; family: string; not?: string },
  word: (templates: TemplateSplit, random: Random) => Worded,
  random: Random,
): string {
  const templates: TemplateSplit = role === "reworded" && split !== "train" ? "probe" : "train";
  const [from, to] = range(split, templates, templatesOf(family)[templates].length);
  for (;;) {
    const { question, template } = word(templates, random);
    const place = Number.parseInt(template.slice(template.indexOf("/") + 1));
    if (place >= from && place < to && question !== not) return question;
  }
}

/** The wordings of a list of `count` that a split takes: from the first place up to the second. */
function range(split: Split, templates: TemplateSplit, count: number): [number, number] {
  if (templates === "probe") return split === "validation" ? [0, 1] : [1, count];
  if (split === "train") return [0, count - 2];
  return split === "validation" ? [count - 2, count - 1] : [count - 1, count];
}

/** The wordings of a family; those of a path of relations are the ones of its last relation. */
function templatesOf(family: string): Templates {
  const all: Readonly<Record<string, Templates>> = { ...VISUAL_TEMPLATES, ...RELATION_TEMPLATES };
  return all[family.slice(family.lastIndexOf("/") + 1)];
}
