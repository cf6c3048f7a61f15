import type { Benchmark } from "../benchmark.ts";
import { casesOf } from "../cases-of.ts";
import { editReader } from "../edit-records.ts";
import { medversaFormat } from "./format.ts";
import { validateMedversa } from "./validate.ts";

const read = editReader(medversaFormat);

export const medversa = {
  summary:
    "6,000 text edits of medical exam questions, each with a rephrasing and a locality item (counterfactual targets)",
  needs: "a folder with medversa_{train,valid,test}.json, or medversa/{train,valid,test}.json of MedREK",
  needsFolder: true,
  splits: Object.keys(medversaFormat.layout.splits),
  task: "edit-text",
  licence: "none stated by its authors: not to be passed on; made from MedMCQA",
  source: "MedREK (github.com/mylittleriver/MedREK), folder medversa/",
  cases: casesOf("medversa", read),
  read,
  validate: validateMedversa,
} as const satisfies Benchmark;
