import type { Random } from "../../../kernels/random.ts";
import { groupBy } from "../../group-by.ts";
import { answersOf, type Ask, asksOf } from "../questions/index.ts";
import type { Scene } from "../world/scene.ts";
import { questionKey } from "./fgvedit-scope.ts";
import { wordFor } from "./wordings.ts";

/** A question that two scenes answer differently. */
export interface Difference {
  ask: Ask;
  answers: [string, string];
}

/** Families whose answer matters to a reader of the image: how it was made and where the organs lie does not. */
const DECISIVE = [
  ...["finding-present", "finding-in-organ", "finding-on-side", "finding-side", "finding-level", "finding-size"],
  ...["finding-count", "finding-severity", "device-kind", "device-side", "device-crosses", "device-covers", "next-to"],
];

/** The decisive questions that both scenes can be asked and that they answer differently. */
export function differences(one: Scene, two: Scene): Difference[] {
  const other = new Map(asksOf(two).map((ask) => [questionKey(ask), ask.answer]));
  return asksOf(one).flatMap((ask) => {
    const answer = other.get(questionKey(ask));
    const differ = DECISIVE.includes(ask.family) && answer !== undefined && answer !== ask.answer;
    return differ ? [{ ask, answers: [ask.answer, answer] }] : [];
  });
}

/** One of them, a family first. Nearly all images differ in what is there, so that is asked where nothing else tells them apart. */
export function pickDifference(found: readonly Difference[], stream: Random): Difference {
  const attributes = found.filter(({ ask }) => ask.family !== "finding-present");
  const families = groupBy(attributes.length > 0 ? attributes : found, ({ ask }) => ask.family);
  return stream.pick(stream.pick([...families.values()]));
}

export interface PairQuestion {
  question: string;
  /** The answers of the two images, in their order. */
  answers: [string, string];
  draft: { question: string; answers: [string, string] };
}

/**
 * Puts a difference into words, and into a draft in other words. One answer of the draft is a text distractor, of the same type and shown
 * by neither image; where the type has two answers only, the draft keeps both.
 */
export function pairQuestion({ ask, answers }: Difference, scenes: [Scene, Scene], stream: Random): PairQuestion {
  const word = (role: "asked" | "reworded") => wordFor({ split: "test", role, family: ask.family }, ask.word, stream);
  const shown = new Set<string>(
    scenes.flatMap(({ findings, devices, organs }) => kindsOf([...findings, ...devices, ...organs])),
  );
  const distractors = answersOf(ask.family).filter((answer) => !answers.includes(answer) && !shown.has(answer));
  const draft: [string, string] = [...answers];
  if (distractors.length > 0) draft[stream.below(2)] = stream.pick(distractors);
  return { question: word("asked"), answers, draft: { question: word("reworded"), answers: draft } };
}

const kindsOf = (entities: readonly { kind: string }[]) => entities.map(({ kind }) => kind);
