import type { Benchmark } from "../benchmark.ts";
import { casesOf } from "../cases-of.ts";
import { editReader } from "../edit-records.ts";
import { counterfactFormat } from "./format.ts";
import { validateCounterfact } from "./validate.ts";

const read = editReader(counterfactFormat);

export const counterfact = {
  summary:
    "10,000 text edits of facts about people and places, each with a rephrasing and a locality item (counterfactual targets)",
  needs: "a folder with counterfact-edit.json, or also counterfact-train.json (EasyEdit's form)",
  needsFolder: true,
  splits: Object.keys(counterfactFormat.layout.splits),
  task: "edit-text",
  licence: "MIT (of the repositories that carry it; the data's own is unconfirmed)",
  source: "Meng et al. 2022 (arXiv 2202.05262), as EasyEdit reshaped it (arXiv 2308.07269)",
  cases: casesOf("counterfact", read),
  read,
  validate: validateCounterfact,
} as const satisfies Benchmark;
