import { checkConflictingTargets } from "../conflicting-targets.ts";
import type { EditFormat } from "../edit-records.ts";
import { checkRecords, checkRepeats, readCopy, type RecordCheck, type SplitCopy, valueOf } from "../validate-edits.ts";
import { Checks, type ValidateOptions, validationReport, type ValidationReport } from "../validation.ts";
import { medcfFormat, medcfPlusFormat, type MedcfRecord } from "./format.ts";
import { localityKinds } from "./layout.ts";
import { MEDCF_COUNTS, MEDCF_PLUS_COUNTS, type SplitCounts } from "./counts.ts";

/** All prompts of the split. */
type Context = ReadonlySet<string>;

/** Checks a copy of MedCF. Counts: this project's own, of the published files. */
export const validateMedcf = (folder: string, options?: ValidateOptions): Promise<ValidationReport> =>
  validate(medcfFormat, folder, MEDCF_COUNTS, options);

/** Checks a copy of MedCF++, or of the MedCF files that it is filtered out of; the counts are those after the filter. */
export const validateMedcfPlus = (folder: string, options?: ValidateOptions): Promise<ValidationReport> =>
  validate(medcfPlusFormat, folder, MEDCF_PLUS_COUNTS, options);

async function validate(
  format: EditFormat<MedcfRecord>,
  folder: string,
  counts: Readonly<Record<string, SplitCounts>>,
  options: ValidateOptions = {},
): Promise<ValidationReport> {
  const checks = new Checks();
  const sizes = Object.fromEntries(Object.entries(counts).map(([split, { records }]) => [split, records]));
  const { files, splits } = await readCopy(format, folder, checks, sizes, options);
  for (const copy of splits) checkSplit(checks, copy, counts[copy.split]);
  checkTrained(checks, splits, counts.test.alsoInTrain);
  checkReworked(checks, splits);
  return validationReport({
    folder,
    benchmark: format.layout.benchmark,
    files,
    checks: checks.results(),
    unresolved: [],
  });
}

function checkSplit(checks: Checks, { split, records, leftOut, file }: SplitCopy<MedcfRecord>, counts: SplitCounts) {
  if (leftOut.length) {
    const check = checks.open(`filtered/${split}`, "records of MedCF that MedCF++ leaves out", "note", counts.leftOut);
    for (const { record, json } of leftOut)
      check.find({ file, line: json.line, field: "prompt", value: record.prompt });
  }
  checkRepeats(checks, `prompt-repeated/${split}`, "records whose prompt an earlier one has", records, {
    key: ({ prompt }) => prompt,
    field: "prompt",
    expected: counts.repeated,
  });
  checkConflictingTargets(checks, split, records, { prompts: counts.conflicting, most: counts.mostTargets });
  const prompts: Context = new Set(records.map(({ record }) => record.prompt));
  checkRecords(checks, split, records, prompts, wording(split, counts));
  checkRecords(checks, split, records, prompts, collisions(split, counts));
  const templates = new Set(records.map(({ record: { prompt, subject } }) => prompt.replace(subject, "")));
  checks
    .open(`templates/${split}`, "wordings of prompts, the subject aside", "note", counts.templates)
    .count(templates.size);
}

type MedcfCheck = RecordCheck<MedcfRecord, Context>;

function wording(split: string, { targetIsAnswer }: SplitCounts): MedcfCheck[] {
  const none = { [split]: 0 };
  const lacks = (of: "prompt" | "rephrase", field: string): MedcfCheck => ({
    id: `subject-absent-${of}`,
    summary: `${of === "prompt" ? "prompt" : "rephrasing"} does not name the subject`,
    severity: "warning",
    field,
    expected: none,
    found: (record) => !record[of].includes(record.subject),
  });
  const item = (record: MedcfRecord, kind: string) => record.locality.find(({ name }) => name === kind);
  return [
    {
      id: "target-is-answer",
      summary: "target is the right answer, so that nothing is edited",
      severity: "warning",
      field: "target_new",
      ...(targetIsAnswer !== undefined && { expected: { [split]: targetIsAnswer } }),
      found: ({ target, groundTruth }) => target === groundTruth,
    },
    lacks("prompt", "prompt"),
    lacks("rephrase", "rephrase_prompt"),
    {
      id: "no-question-mark",
      summary: "prompt does not end in a question mark",
      severity: "note",
      field: "prompt",
      expected: none,
      found: ({ prompt }) => !prompt.endsWith("?"),
    },
    ...(split === "test_new"
      ? []
      : ([
          {
            id: "target-answer-differs",
            summary: 'locality item "target" has another answer than the edit had',
            severity: "warning",
            field: "locality_target_ground_truth",
            expected: none,
            found: (record) => item(record, "target")!.answer !== record.groundTruth,
          },
          {
            id: "mapping-without-subject",
            summary: 'locality item "mapping" does not name the subject',
            severity: "warning",
            field: "locality_mapping_prompt",
            expected: none,
            found: (record) => !item(record, "mapping")!.prompt.includes(record.subject),
          },
        ] satisfies MedcfCheck[])),
  ];
}

/** A locality prompt that is an edit prompt cannot stay what it was. */
function collisions(split: string, counts: SplitCounts): MedcfCheck[] {
  const kinds = localityKinds(split);
  const expected = (list: readonly number[] | undefined, i: number) => (list ? { expected: { [split]: list[i] } } : {});
  const own = kinds.map(({ name, prompt: field }, i): MedcfCheck => ({
    id: `own-prompt-${name}`,
    summary: `own prompt is their locality prompt "${name}"`,
    severity: "warning",
    field,
    ...expected(counts.own, i),
    found: (record) => record.locality[i].prompt === record.prompt,
  }));
  const some = kinds.map(({ name, prompt: field }, i): MedcfCheck => ({
    id: `edit-prompt-${name}`,
    summary: `locality prompt "${name}" is the prompt of some edit`,
    severity: "warning",
    field,
    ...expected(counts.some, i),
    found: (record, prompts) => prompts.has(record.locality[i].prompt),
  }));
  return [
    ...own,
    {
      id: "own-prompt",
      summary: "own prompt is one of their locality prompts",
      severity: "warning",
      field: "prompt",
      ...expected(counts.own && [counts.ownAny], 0),
      found: ({ prompt, locality }) => locality.some((item) => item.prompt === prompt),
    },
    ...some,
    {
      id: "edit-prompt",
      summary: "locality prompts hold the prompt of some edit",
      severity: "warning",
      field: "prompt",
      ...expected(counts.some && [counts.someAny!], 0),
      found: ({ locality }, prompts) => locality.some((item) => prompts.has(item.prompt)),
    },
  ];
}

/** Test prompts that train edits too, to another target. */
function checkTrained(checks: Checks, splits: readonly SplitCopy<MedcfRecord>[], expected?: number): void {
  const [train, test] = ["train", "test"].map((name) => splits.find(({ split }) => split === name)?.records);
  if (!train || !test) return;
  const trained = new Set(train.map(({ record }) => record.prompt));
  const check = checks.open("prompt-in-train/test", "records of test whose prompt train has", "warning", expected);
  for (const { record, json, file } of test)
    if (trained.has(record.prompt))
      check.find({ file, line: json.lineOf("prompt"), field: "prompt", value: record.prompt });
}

/** `test_new` holds the edits of `test`, one of them with another capital. */
function checkReworked(checks: Checks, splits: readonly SplitCopy<MedcfRecord>[]): void {
  const [test, reworked] = ["test", "test_new"].map((name) => splits.find(({ split }) => split === name)?.records);
  if (!test || !reworked) return;
  const check = checks.open("edit-differs/test_new", "edits that are not those of test", "note", 1);
  const fields = ["prompt", "target_new", "subject", "ground_truth", "rephrase_prompt"];
  reworked.forEach(({ json, file }, i) => {
    const field = fields.find((name) => !test[i] || valueOf(json, name) !== valueOf(test[i].json, name));
    if (field) check.find({ file, line: json.lineOf(field), field, value: valueOf(json, field) });
  });
}
