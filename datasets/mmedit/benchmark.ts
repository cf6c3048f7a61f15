import type { Benchmark } from "../benchmark.ts";
import { casesOf } from "../cases-of.ts";
import { visualReader } from "../visual-edit/read.ts";
import { mmeditFormat } from "./format.ts";
import { validateMmedit } from "./validate.ts";

const read = visualReader(mmeditFormat);

export const mmedit = {
  summary: "8,438 corrections of a model's answers about everyday images (E-VQA), and 3,849 of captions (E-IC)",
  needs: "a folder with vqa/vqa_eval.json, val2014/ of COCO and val2014_image_rephrase/",
  needsFolder: true,
  splits: Object.keys(mmeditFormat.layout.splits),
  task: "edit-vision",
  licence: "MIT (repository); images and questions under the terms of COCO and VQA v2: not to be passed on",
  source: "Cheng et al. 2023, arXiv 2310.08475; files as EasyEdit gives them out",
  cases: casesOf("mmedit", read),
  read,
  validate: validateMmedit,
} as const satisfies Benchmark;
