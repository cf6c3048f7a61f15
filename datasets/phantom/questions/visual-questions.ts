import type { Random } from "../../../kernels/random.ts";
import type { Scene } from "../world/scene.ts";
import { organsOf, type OrganKind } from "../world/vocabulary.ts";
import { type Ask, putIntoWords } from "./ask.ts";
import { asksOf } from "./asks-of.ts";
import type { QuestionAnswer, TemplateSplit } from "./question.ts";
import type { Neighbours } from "./visual-asks.ts";

export interface VisualQuestionOptions {
  templates: TemplateSplit;
  /** Families to ask from; all by default. */
  families?: readonly string[];
  /** What the family "next-to" goes by. */
  neighbours?: Neighbours;
}

const YES_NO_FAMILIES = ["organ-present", "finding-present", "finding-absent", "device-covers"];

/**
 * Shares of the questions with these answers that are asked, so that no answer is worth guessing. Nearly every scene has a fitting
 * question for the yes/no answers listed and fewer have one for the opposite answer (a tenth of the scenes show no finding, few devices
 * cover one); half of the scenes show no device, and most devices cross nothing.
 */
const KEPT: Readonly<Record<string, number>> = {
  "finding-present no": 0.9,
  "finding-absent yes": 0.9,
  "device-covers no": 0.45,
  "device-kind none": 0.5,
  "device-crosses none": 0.4,
};

const isKept = (family: string, answer: string, random: Random) => random.chance(KEPT[`${family} ${answer}`] ?? 1);

/**
 * The questions that the scene allows, each in one random wording. Of each yes/no family there is at most one, "yes" and "no" equally
 * often over many scenes, and commonplace answers are thinned out; `asksOf` has everything.
 */
export function visualQuestions(scene: Scene, random: Random, options: VisualQuestionOptions): QuestionAnswer[] {
  return [...askable(scene, random, options).values()]
    .flatMap((asks) => (YES_NO_FAMILIES.includes(asks[0].family) ? [random.pick(asks)] : asks))
    .map((ask) => putIntoWords(ask, options.templates, random));
}

/** The asks by family; of a yes/no family those with an answer drawn beforehand, which may be none. */
function askable(scene: Scene, random: Random, { families, neighbours }: VisualQuestionOptions): Map<string, Ask[]> {
  const groups = new Map<string, Ask[]>();
  for (const ask of asksOf(scene, neighbours)) {
    if (families && !families.includes(ask.family)) continue;
    if (!YES_NO_FAMILIES.includes(ask.family) && !isKept(ask.family, ask.answer, random)) continue;
    groups.set(ask.family, [...(groups.get(ask.family) ?? []), ask]);
  }
  for (const family of YES_NO_FAMILIES) {
    const asks = groups.get(family);
    if (!asks) continue;
    const kept = withAnswer(asks, random.below(2) ? "yes" : "no", scene, random);
    if (kept.length) groups.set(family, kept);
    else groups.delete(family);
  }
  return groups;
}

function withAnswer(asks: readonly Ask[], answer: "yes" | "no", scene: Scene, random: Random): Ask[] {
  const { family } = asks[0];
  if (!isKept(family, answer, random)) return [];
  const kept = asks.filter((ask) => ask.answer === answer);
  if (family !== "organ-present" || answer === "yes") return kept;
  // Mostly organs that this modality could show, since another modality's are told from its look alone.
  const near = kept.filter(({ about }) => organsOf(scene.modality).includes(about[0] as OrganKind));
  return near.length && random.below(4) > 0 ? near : kept;
}
