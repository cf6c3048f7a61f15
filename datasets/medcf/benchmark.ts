import type { Benchmark } from "../benchmark.ts";
import { casesOf } from "../cases-of.ts";
import { editReader } from "../edit-records.ts";
import { medcfFormat, medcfPlusFormat } from "./format.ts";
import { validateMedcf, validateMedcfPlus } from "./validate.ts";

const read = editReader(medcfFormat);
const readPlus = editReader(medcfPlusFormat);

const COMMON = {
  needsFolder: true,
  task: "edit-text",
  licence: "none stated by its authors: not to be passed on",
} as const;

export const medcf = {
  ...COMMON,
  summary:
    "4,028 text edits of drug-graph triples, each with a rephrasing and four kinds of locality (counterfactual targets)",
  needs: "a folder with medcf_{train,valid,test}.json, or MedCF/{train,valid,test}.json of MedLaSA or MedREK",
  splits: Object.keys(medcfFormat.layout.splits),
  source: "MedLaSA (github.com/quqxui/MedLaSA); the same files in MedREK (github.com/mylittleriver/MedREK)",
  cases: casesOf("medcf", read),
  read,
  validate: validateMedcf,
} as const satisfies Benchmark;

export const medcfPlus = {
  ...COMMON,
  summary:
    "MedCF without the records whose prompt is one of their own locality prompts, for single edits (755 in test)",
  needs: "the folder of MedCF, or MedCF/{train,test}_single.json of MedREK",
  splits: Object.keys(medcfPlusFormat.layout.splits),
  source: "MedREK (github.com/mylittleriver/MedREK); filtered out of MedCF's files where it is not there",
  cases: casesOf("medcf++", readPlus),
  read: readPlus,
  validate: validateMedcfPlus,
} as const satisfies Benchmark;
