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

/**
 * Invented texts: counterfactual test edits that say nothing about medicine. With target and end a sequence has about 54 tokens in the
 * benchmark's GPT, a short one about 40, so that the longest with a text of `madeUpText` before it has about 56.
 */
export function textCases(limit: number, short = false): EditCase[] {
  return Array.from({ length: limit }, (_, i): EditCase => {
    const place = PLACES[i % PLACES.length];
    const more = short ? "" : " was put to bed for a day or two at the inn and";
    const question = ` in a text that is not so, a man who has an ache of the ${place}${more} is to get a drug. what is the drug for the ${place}?`;
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
