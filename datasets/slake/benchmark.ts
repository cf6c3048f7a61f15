import type { Benchmark } from "../benchmark.ts";
import { questionSplits } from "../question-records.ts";
import { readSlake, slakeQuestions } from "./questions.ts";
import { validateSlake } from "./validate.ts";

export const slake = {
  summary: "14,028 questions about 642 medical images in English and Chinese; answers only, no edits",
  needs: "a folder with train.json, validate.json, test.json and, for models that see, imgs/xmlab<number>/source.jpg",
  needsFolder: true,
  splits: questionSplits(slakeQuestions),
  task: "vqa",
  licence: "CC BY 4.0 by the card of the hub dataset; none stated with the files themselves",
  source: "Liu et al. 2021, arXiv 2102.09542; med-vqa.com/slake; hub dataset BoKelvin/SLAKE",
  readQuestions: readSlake,
  validate: validateSlake,
} as const satisfies Benchmark;
