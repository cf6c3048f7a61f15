import type { EditCase } from "../../../datasets/case.ts";
import { benchmarkCases } from "../../../datasets/index.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

/** Cases of the phantom world, each a question about an image. */
export async function phantomCases(model: VisionLanguageModel, limit: number): Promise<EditCase[]> {
  const answer = (image: NonNullable<EditCase["image"]>, question: string) => model.answer({ image, question });
  return (await benchmarkCases("phantom/medmkeb", { limit, seed: 0, answer })).cases;
}

const PLACES = ["heel", "chin", "arm", "jaw", "rib"];
const DRUGS = ["orv", "eni", "tol", "car", "bex"];

const STORY =
  "in a text that is not so a man who has an ache was put to bed for a day or two at the inn and so on for a week and a day and all of it was in the town";

/**
 * Invented texts: counterfactual test edits that say nothing about medicine. `words` of a story stand before each question: in the benchmark's GPT
 * sequences of 14 words have 30 tokens, target and end included; those of 34 words have 51, and 66 with the longest text of `madeUpText` before them.
 */
export function textCases(limit: number, words: number): EditCase[] {
  const story = STORY.split(" ").slice(0, words).join(" ");
  return Array.from({ length: limit }, (_, i): EditCase => {
    const question = ` ${story} what is the drug for the ${PLACES[i % PLACES.length]}?`;
    const target = DRUGS[(i + Math.floor(i / PLACES.length)) % DRUGS.length];
    const meta = {};
    return {
      id: `text-${i}`,
      benchmark: "bench",
      split: "test",
      task: "edit-text",
      question,
      target,
      probes: [],
      meta,
    };
  });
}

/** Stands in for texts that a model writes before an edit, where it cannot: the GPT of the step benchmark has no cache. Up to 5 tokens. */
export const madeUpText = (most: number): string =>
  "a man and his dog ran to the old inn".split(" ").slice(0, Math.min(5, most)).join(" "); // prettier-ignore
