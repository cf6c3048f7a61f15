import type { Benchmark } from "../benchmark.ts";
import { casesOf } from "../cases-of.ts";
import { visualReader } from "../visual-edit/read.ts";
import { medmkebFormat } from "./format.ts";
import { validateMedmkeb } from "./validate.ts";

const read = visualReader(medmkebFormat);

export const medmkeb = {
  summary:
    "6,987 edits of what is seen in medical images of 16 modalities, with multi-hop portability and five kinds of attack (counterfactual targets)",
  needs:
    "a folder with data/eval_data_threehop_final.json, data/eval_data_attack.json and images/, which its authors give out",
  needsFolder: true,
  splits: Object.keys(medmkebFormat.layout.splits),
  task: "edit-vision",
  licence: "none stated by its authors: not to be passed on; images are those of GMAI-MMBench and PMC-VQA",
  source: "Xu et al. 2025, arXiv 2508.05083; github.com/pkusixspace/MedMKEB",
  cases: casesOf("medmkeb", read),
  read,
  validate: validateMedmkeb,
} as const satisfies Benchmark;
