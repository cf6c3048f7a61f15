import { checkRecords, checkRepeats, readCopy, type RecordCheck } from "../validate-edits.ts";
import { Checks, type ValidateOptions, validationReport, type ValidationReport } from "../validation.ts";
import { LOCALITY_KINDS, medfeFormat, type MedfeRecord } from "./format.ts";

/** The train file's size is not known. */
const RECORDS = { test: 842, valid: 852 };
const OPENING = "Please provide an explanation for the following fact: \n ";

/** Records of test and valid by `subject_type`. */
const SUBJECT_TYPES: Readonly<Record<string, readonly [number, number]>> = {
  ENT: [102, 102],
  Pharmacology: [102, 102],
  Ophthalmology: [102, 102],
  Medicine: [101, 101],
  "Gynaecology & Obstetrics": [101, 103],
  Pathology: [101, 103],
  Pediatrics: [101, 103],
  Orthopaedics: [100, 102],
  Skin: [32, 34],
};

/** Length of targets in characters, least and most, and the mean number of words. */
const TARGETS: Readonly<Record<string, { least: number; most: number }>> = {
  test: { least: 107, most: 1165 },
  valid: { least: 122, most: 1126 },
};

const none = { test: 0, valid: 0 };
const EDIT_PROMPTS = { topic: { test: 56, valid: 69 }, tokenSem: { test: 43, valid: 47 } };

const CHECKS: readonly RecordCheck<MedfeRecord, ReadonlySet<string>>[] = [
  ...(["prompt", "rephrase"] as const).map((of): RecordCheck<MedfeRecord, ReadonlySet<string>> => ({
    id: `opening-${of}`,
    summary: `${of === "prompt" ? "prompt" : "rephrasing"} does not ask for an explanation in the published words`,
    severity: "warning",
    field: of === "prompt" ? "prompt" : "rephrase_prompt",
    expected: none,
    found: (record) => !record[of].startsWith(OPENING),
  })),
  {
    id: "leading-space",
    summary: "target begins with a space",
    severity: "note",
    field: "target_new",
    expected: { test: 99, valid: 81 },
    found: ({ target }) => target.startsWith(" "),
  },
  {
    id: "subject-absent",
    summary: "prompt does not name the subject",
    severity: "warning",
    field: "prompt",
    expected: none,
    found: ({ prompt, subject }) => !prompt.includes(subject),
  },
  ...LOCALITY_KINDS.flatMap((name, i): RecordCheck<MedfeRecord, ReadonlySet<string>>[] => [
    {
      id: `own-prompt-${name}`,
      summary: `own prompt is their locality prompt "${name}"`,
      severity: "warning",
      field: `locality_${name}_prompt`,
      expected: none,
      found: ({ prompt, locality }) => locality[i].prompt === prompt,
    },
    {
      id: `edit-prompt-${name}`,
      summary: `locality prompt "${name}" is the prompt of another edit`,
      severity: "warning",
      field: `locality_${name}_prompt`,
      expected: EDIT_PROMPTS[name],
      found: ({ prompt, locality }, prompts) => locality[i].prompt !== prompt && prompts.has(locality[i].prompt),
    },
  ]),
];

/** Checks a copy of MedFE. Counts: this project's own, of the published files. */
export async function validateMedfe(folder: string, options: ValidateOptions = {}): Promise<ValidationReport> {
  const checks = new Checks();
  const { files, splits } = await readCopy(medfeFormat, folder, checks, RECORDS, options);
  for (const { split, records, file } of splits) {
    const prompts = new Set(records.map(({ record }) => record.prompt));
    checkRecords(checks, split, records, prompts, CHECKS);
    checkRepeats(checks, `prompt-repeated/${split}`, "records whose prompt an earlier one has", records, {
      key: ({ prompt }) => prompt,
      field: "prompt",
      expected: split === "train" ? undefined : 0,
    });
    const bounds = TARGETS[split];
    if (!bounds) continue;
    const length = checks.open(`target-length/${split}`, "targets shorter or longer than any published one", "note", 0);
    for (const { record, json } of records)
      if (record.target.length < bounds.least || record.target.length > bounds.most)
        length.find({ file, line: json.lineOf("target_new"), field: "target_new", value: record.target });
    const types = checks.open(
      `subject-types/${split}`,
      "subject types with another number of records than published",
      "note",
      0,
    );
    const counts = new Map(Object.keys(SUBJECT_TYPES).map((type) => [type, 0]));
    for (const { record } of records) counts.set(record.subjectType, (counts.get(record.subjectType) ?? 0) + 1);
    for (const [type, count] of counts)
      if (count !== (Object.hasOwn(SUBJECT_TYPES, type) ? SUBJECT_TYPES[type][split === "test" ? 0 : 1] : 0))
        types.find({ file, line: 0, field: "subject_type", value: `${type}: ${count}` });
  }
  return validationReport({ folder, benchmark: "medfe", files, checks: checks.results(), unresolved: [] });
}
