import type { Benchmark } from "../benchmark.ts";
import { casesOf } from "../cases-of.ts";
import { visualReader } from "../visual-edit/read.ts";
import { vlkebFormat } from "./format.ts";
import { validateVlkeb } from "./validate.ts";

const read = visualReader(vlkebFormat);

export const vlkeb = {
  summary:
    "8,174 edits of which entity a web image shows, with portability over one to four hops (counterfactual targets)",
  needs: "a folder with eval.json or eval_multihop.json and, unless only text is asked, VLKEB_images/",
  needsFolder: true,
  splits: Object.keys(vlkebFormat.layout.splits),
  task: "edit-vision",
  licence: "BSD 3-Clause (LICENSE.txt in the data); images keep the terms of their sites",
  source: "Huang et al. 2024, arXiv 2403.07350; hub dataset HymanH/VLKEB-data",
  cases: casesOf("vlkeb", read),
  read,
  validate: validateVlkeb,
} as const satisfies Benchmark;
