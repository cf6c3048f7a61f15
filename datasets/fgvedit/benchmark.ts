import type { Benchmark } from "../benchmark.ts";
import { casesOf } from "../cases-of.ts";
import { visualReader } from "../visual-edit/read.ts";
import { fgveditFormat } from "./format.ts";
import { validateFgvedit } from "./validate.ts";

const read = visualReader(fgveditFormat);

export const fgvedit = {
  summary: "11,112 edits of one of several entities of an image, with a question that follows and one that does not",
  needs: "a folder with data/FGVEdit/test_data.json and data/images/ (COCO 2014)",
  needsFolder: true,
  splits: Object.keys(fgveditFormat.layout.splits),
  task: "edit-vision",
  licence: "not stated; the terms of COCO, VQA v2 and NQ apply: not to be passed on",
  source: "arXiv 2411.12790 (ICCV 2025); hub dataset ZhenZeng/FGVEdit",
  cases: casesOf("fgvedit", read),
  read,
  validate: validateFgvedit,
} as const satisfies Benchmark;
