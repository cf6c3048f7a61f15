// To add a benchmark: make datasets/<name>/ with a reader that reports what it skips, a validator with the counts of the published files and
// a `Benchmark` that names both, add one line to `benchmarks` below (that also extends BenchmarkName), mirror it under
// test/datasets/<name>/, and add a row to the feature table of the README.
import { UserFacingError } from "../kernels/errors.ts";
import { requireKnown } from "../kernels/nearest-name.ts";
import type { Benchmark } from "./benchmark.ts";
import type { BenchmarkCases, CaseOptions } from "./cases.ts";
import { counterfact } from "./counterfact/benchmark.ts";
import { fgvedit } from "./fgvedit/benchmark.ts";
import { medcf, medcfPlus } from "./medcf/benchmark.ts";
import { medfe } from "./medfe/benchmark.ts";
import { mediconfusion } from "./mediconfusion/benchmark.ts";
import { medmkeb } from "./medmkeb/benchmark.ts";
import { medversa } from "./medversa/benchmark.ts";
import { mmedit } from "./mmedit/benchmark.ts";
import { fgveditCases } from "./phantom/forms/fgvedit-cases.ts";
import { medmkebCases } from "./phantom/forms/medmkeb-cases.ts";
import { noEdits } from "./no-edits.ts";
import { medversaCases } from "./phantom/forms/medversa-cases.ts";
import { phantomQuestions } from "./phantom/forms/vqa-questions.ts";
import { questionSplits } from "./question-records.ts";
import { slake } from "./slake/benchmark.ts";
import { vlkeb } from "./vlkeb/benchmark.ts";
import { vqaRadCases } from "./vqa-rad/cases.ts";
import { readVqaRadQuestions, vqaRadQuestions } from "./vqa-rad/questions.ts";
import { validateVqaRad } from "./vqa-rad/validate.ts";

export type { Benchmark } from "./benchmark.ts";

/** What the drawn benchmarks have in common. */
const PHANTOM = {
  needsFolder: false,
  splits: ["test", "train", "validation"],
  licence: "MIT, as medke itself: everything in it is invented",
  source: "drawn by medke; medke phantom export writes it as files",
} as const;

export const benchmarks = {
  counterfact,
  fgvedit,
  medcf,
  "medcf++": medcfPlus,
  medfe,
  mediconfusion,
  medmkeb,
  medversa,
  mmedit,
  "phantom/fgvedit": {
    ...PHANTOM,
    summary:
      "500 edits of one of several entities that touch in a drawn image, with what follows and what stays on the same image",
    needs: "nothing: images are drawn when they are asked for; and a model that knows the phantom world",
    task: "edit-vision",
    cases: fgveditCases,
  },
  "phantom/medmkeb": {
    ...PHANTOM,
    summary:
      "700 questions about drawn images of an invented anatomy; each case edits what the model sees, with every MedMKEB probe",
    needs: "nothing: images are drawn when they are asked for; and a model that knows the phantom world",
    task: "edit-vision",
    cases: medmkebCases,
  },
  "phantom/medversa": {
    ...PHANTOM,
    summary:
      "350 text edits of invented facts with paraphrases, what follows in one to three steps, and strict locality",
    needs: "nothing; and a model that knows the phantom world",
    task: "edit-text",
    cases: medversaCases,
  },
  "phantom/mediconfusion": {
    ...PHANTOM,
    splits: ["test"],
    summary:
      "pairs of drawn images that a model's own vision encoder finds alike, of which each is asked the same question",
    needs: "nothing: medke confuse finds them for a model that knows the phantom world",
    task: "confusion-pairs",
  },
  "phantom/vqa": {
    ...PHANTOM,
    summary: "about 300 questions on 60 drawn images in wordings that phantom was not trained on, open and closed",
    needs: "nothing: images are drawn when they are asked for; and a model that knows the phantom world",
    task: "vqa",
    readQuestions: phantomQuestions,
  },
  slake,
  vlkeb,
  "vqa-rad": {
    summary:
      "3,064 radiology questions about 314 images; each case edits an answer that the model has right (counterfactual target)",
    needs:
      "a folder with trainset.json and images/ (VQA-RAD, CC0 1.0), and a model that answers its training questions",
    needsFolder: true,
    splits: ["train"],
    questionSplits: questionSplits(vqaRadQuestions),
    task: "edit-vision",
    licence: "CC0 1.0 (dataset card); the images come from MedPix",
    source: "Lau et al. 2018, Scientific Data 5:180251",
    cases: vqaRadCases,
    readQuestions: readVqaRadQuestions,
    validate: validateVqaRad,
  },
} satisfies Record<string, Benchmark>;

export type BenchmarkName = keyof typeof benchmarks;

/** Cause: a limit or a seed that is not a whole number in range. Handled by: the caller, who corrects it. */
export class CaseOptionError extends UserFacingError {}

/**
 * Makes edit cases of a benchmark by its name.
 *
 * Throws: UnknownNameError with the nearest known name; CaseOptionError; what the benchmark's reader throws.
 */
export async function benchmarkCases(name: string, options: CaseOptions): Promise<BenchmarkCases> {
  const known = requireKnown("benchmark", name, Object.keys(benchmarks) as BenchmarkName[]);
  if (!Number.isInteger(options.limit) || options.limit < 1)
    throw new CaseOptionError(
      `${known}: limit ${options.limit} is not a whole number of at least 1. Pass how many cases you want, such as 10.`,
    );
  if (options.seed !== undefined && !Number.isInteger(options.seed))
    throw new CaseOptionError(`${known}: seed ${options.seed} is not a whole number. Pass an integer, such as 0.`);
  const { splits, cases, task }: Benchmark = benchmarks[known];
  if (!cases) throw new CaseOptionError(`${known}: ${noEdits(known, { task })}`);
  if (options.split !== undefined) requireKnown(`${known} split`, options.split, splits);
  return cases(options);
}
