import type { Benchmark } from "../benchmark.ts";
import { casesOf } from "../cases-of.ts";
import { editReader } from "../edit-records.ts";
import { medfeFormat } from "./format.ts";
import { validateMedfe } from "./validate.ts";

const read = editReader(medfeFormat);

export const medfe = {
  summary:
    "text edits of explanations of medical facts, a paragraph each, with two kinds of locality (counterfactual targets)",
  needs: "a folder with medfe_{train,valid,test}.json, or MedFE/{train,valid,test}.json of MedLaSA",
  needsFolder: true,
  splits: Object.keys(medfeFormat.layout.splits),
  task: "edit-text",
  licence: "none stated by its authors: not to be passed on",
  source: "MedLaSA (github.com/quqxui/MedLaSA); test also in MedREK (github.com/mylittleriver/MedREK)",
  cases: casesOf("medfe", read),
  read,
  validate: validateMedfe,
} as const satisfies Benchmark;
