import { WordIndex, fold } from "../text-similarity.ts";
import {
  checkRecords,
  checkRepeats,
  type PlacedRecord,
  readCopy,
  type RecordCheck,
  type SplitCopy,
} from "../validate-edits.ts";
import { Checks, type ValidateOptions, validationReport, type ValidationReport } from "../validation.ts";
import { medversaFormat, type MedversaRecord } from "./format.ts";
import { SUBJECTS } from "./subjects.ts";

const RECORDS = { train: 3000, valid: 2000, test: 1000, pool: 6000, "pool-earlier": 6000 };
const SPLITS = ["train", "valid", "test"];

interface Context {
  prompts: Set<string>;
  folded: Set<string>;
}

type Placed = PlacedRecord<MedversaRecord>;
type MedversaCheck = RecordCheck<MedversaRecord, Context>;

const none = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 0]));
const EVERYWHERE = none(...SPLITS, "pool");
const outside = (text: string, least: number, most: number) => text.length < least || text.length > most;

/** Asked of each split, and of all edits together (name "pool"). */
const CHECKS: readonly MedversaCheck[] = [
  {
    id: "locality-is-edit",
    summary: "locality prompt is an edit prompt, to the letter",
    severity: "warning",
    field: "locality_prompt",
    expected: { ...EVERYWHERE, "pool-earlier": 288 },
    found: ({ locality }, { prompts }) => prompts.has(locality.prompt),
  },
  {
    id: "locality-is-edit-folded",
    summary:
      "locality prompt is an edit prompt, ignoring case and punctuation: locality and efficacy contradict each other in a batch",
    severity: "warning",
    field: "locality_prompt",
    expected: { train: 7, valid: 2, test: 0, pool: 21 },
    found: ({ locality }, { folded }) => folded.has(fold(locality.prompt)),
  },
  {
    id: "target-is-answer",
    summary: "target is the right answer, so that nothing is edited",
    severity: "warning",
    field: "target_new",
    expected: { train: 0, valid: 0, test: 1, pool: 1 },
    found: ({ target, groundTruth }) => target === groundTruth,
  },
  {
    id: "rephrase-is-prompt",
    summary: "rephrasing is the prompt itself",
    severity: "warning",
    field: "rephrase_prompt",
    expected: { train: 2, valid: 1, test: 1, pool: 4 },
    found: ({ prompt, rephrase }) => prompt === rephrase,
  },
  {
    id: "rephrase-is-other-prompt",
    summary: "rephrasing is the prompt of another record",
    severity: "warning",
    field: "rephrase_prompt",
    expected: { pool: 5 },
    found: ({ prompt, rephrase }, { prompts }) => prompt !== rephrase && prompts.has(rephrase),
  },
  {
    id: "no-question-mark",
    summary: "prompt does not end in a question mark",
    severity: "note",
    field: "prompt",
    expected: { train: 1, valid: 2, test: 1, pool: 4 },
    found: ({ prompt }) => !prompt.endsWith("?"),
  },
  {
    id: "numeric-target",
    summary: "target is made of digits, dots, commas, percent signs and hyphens",
    severity: "note",
    field: "target_new",
    expected: { pool: 137 },
    found: ({ target }) => /^[\d.,%-]+$/.test(target),
  },
  {
    id: "same-subject",
    summary: "locality item is of the edit's discipline",
    severity: "note",
    field: "locality_subject_name",
    expected: { pool: 4049 },
    found: ({ subject, locality }) => subject === locality.subject,
  },
  {
    id: "same-topic",
    summary: "locality item is of the edit's topic",
    severity: "note",
    field: "locality_topic_name",
    expected: { pool: 191 },
    found: ({ topic, locality }) => topic === locality.topic,
  },
  {
    id: "subject-in-prompt",
    summary: "prompt names its discipline",
    severity: "note",
    field: "prompt",
    expected: { pool: 95 },
    found: ({ subject, prompt }) => prompt.toLowerCase().includes(subject.toLowerCase()),
  },
  {
    id: "untidy-target",
    summary: "target holds a line break, a character beyond ASCII, or a space at an end",
    severity: "warning",
    field: "target_new",
    expected: EVERYWHERE,
    found: ({ target }) => target !== target.trim() || /[^\x20-\x7e]/.test(target),
  },
  {
    id: "length",
    summary: "prompt, rephrasing, target or answers are shorter or longer than any published one",
    severity: "note",
    field: "prompt",
    expected: EVERYWHERE,
    found: ({ prompt, rephrase, target, groundTruth, locality }) =>
      outside(prompt, 15, 188) ||
      outside(rephrase, 15, 140) ||
      outside(target, 2, 29) ||
      outside(groundTruth, 2, 29) ||
      outside(locality.answer, 2, 110),
  },
  {
    id: "id-range",
    summary: "id is outside 6 to 23076",
    severity: "note",
    field: "id",
    expected: EVERYWHERE,
    found: ({ id }) => id < 6 || id > 23_076,
  },
];

/** Records of the pool by the number of words of their target, from one word on. */
const TARGET_WORDS = [2563, 2474, 656, 227, 68, 10, 2];

/**
 * Checks a copy of MedVersa. What the published files have is expected of each split; of all edits together where the pool file or all
 * three splits are there. Counts: this project's own, of the published files.
 */
export async function validateMedversa(folder: string, options: ValidateOptions = {}): Promise<ValidationReport> {
  const checks = new Checks();
  const { files, splits } = await readCopy(medversaFormat, folder, checks, RECORDS, options);
  for (const { split, records } of splits.filter(({ split }) => split !== "pool")) {
    checkRecords(checks, split, records, contextOf(records), CHECKS);
    checkRepeated(checks, split, records);
    const table = SUBJECTS[split];
    if (table) checkSubjects(checks, split, records, table);
  }
  const test = splits.find(({ split }) => split === "test");
  if (test) checkNearTest(checks, test.records);
  checkShared(checks, splits);
  checkWhole(checks, splits);
  return validationReport({ folder, benchmark: "medversa", files, checks: checks.results(), unresolved: [] });
}

const contextOf = (records: readonly Placed[]): Context => {
  const prompts = new Set(records.map(({ record }) => record.prompt));
  return { prompts, folded: new Set([...prompts].map(fold)) };
};

/** Everything that is asked of all edits together. */
function checkWhole(checks: Checks, splits: readonly SplitCopy<MedversaRecord>[]): void {
  const parts = splits.filter(({ split }) => SPLITS.includes(split));
  const pool = splits.find(({ split }) => split === "pool");
  const complete = pool !== undefined || parts.length === SPLITS.length;
  const records = pool?.records ?? parts.flatMap((part) => part.records);
  if (records.length === 0 || (!complete && parts.length < 2)) return;
  const name = complete ? "pool" : parts.map(({ split }) => split).join("+");
  checkRecords(checks, name, records, contextOf(records), CHECKS);
  checkRepeated(checks, name, records);
  const edits = new Set(records.map(({ record }) => record.id));
  const both = checks.open(`id-is-locality-id/${name}`, "locality ids that are also ids of edits", "warning", 0);
  for (const { record, json, file } of records)
    if (edits.has(record.locality.id))
      both.find({ file, line: json.lineOf("locality_id"), field: "locality_id", value: record.locality.id });
  if (!complete) return;
  const words = records.map(({ record }) => record.target.trim().split(/\s+/).length);
  TARGET_WORDS.forEach((expected, i) =>
    checks
      .open(`target-words-${i + 1}/pool`, `targets of ${i + 1} ${i ? "words" : "word"}`, "note", expected)
      .count(words.filter((count) => count === i + 1).length),
  );
  checkSubjects(checks, "pool", [...records, ...records.map(localityPart)], SUBJECTS.pool);
}

/** The locality item in the place of the edit, for tables over both. */
const localityPart = (placed: Placed): Placed => ({
  ...placed,
  record: { ...placed.record, subject: placed.record.locality.subject },
});

function checkRepeated(checks: Checks, name: string, records: readonly Placed[]): void {
  const expected = (counts: Record<string, number>) => counts[name];
  const none = name === "pool-earlier" ? undefined : 0;
  checkRepeats(checks, `id-repeated/${name}`, "records whose id an earlier one has", records, {
    key: ({ id }) => id,
    field: "id",
    expected: none,
  });
  checkRepeats(checks, `locality-id-repeated/${name}`, "records whose locality id an earlier one has", records, {
    key: ({ locality }) => locality.id,
    field: "locality_id",
    expected: none,
  });
  checkRepeats(checks, `prompt-repeated/${name}`, "records whose prompt an earlier one has", records, {
    key: ({ prompt }) => prompt,
    field: "prompt",
    expected: name === "pool-earlier" ? 190 : none,
  });
  checkRepeats(
    checks,
    `prompt-repeated-folded/${name}`,
    "records whose prompt an earlier one has, ignoring case and punctuation",
    records,
    { key: ({ prompt }) => fold(prompt), field: "prompt", expected: expected({ pool: 10 }) },
  );
  checkRepeats(checks, `locality-repeated/${name}`, "records whose locality prompt an earlier one has", records, {
    key: ({ locality }) => locality.prompt,
    field: "locality_prompt",
    severity: "note",
    expected: expected({ train: 32, valid: 13, test: 4 }),
  });
}

/** Near-duplicates of edits among the locality prompts of the test split, which state the fact of an edit in other words. */
function checkNearTest(checks: Checks, records: readonly Placed[]): void {
  const edits = new WordIndex(records.map(({ record }) => record.prompt));
  for (const [share, expected] of [
    [0.8, 16],
    [0.6, 132],
  ]) {
    const summary = `locality prompts that share at least ${share * 100} % of their words with an edit prompt`;
    const check = checks.open(`locality-near-edit-${share}/test`, summary, "note", expected);
    for (const { record, json, file } of records)
      if (edits.nearest(record.locality.prompt) >= share)
        check.find({
          file,
          line: json.lineOf("locality_prompt"),
          field: "locality_prompt",
          value: record.locality.prompt,
        });
  }
}

function checkShared(checks: Checks, splits: readonly SplitCopy<MedversaRecord>[]): void {
  const of = (name: string) => splits.find(({ split }) => split === name)?.records;
  const [train, test] = [of("train"), of("test")];
  if (!train || !test) return;
  const trained = new Set(train.map(({ record }) => record.locality.prompt));
  const shared = new Set(test.map(({ record }) => record.locality.prompt).filter((prompt) => trained.has(prompt)));
  checks
    .open("locality-shared/train+test", "locality prompts that train and test share", "note", 25)
    .count(shared.size);
}

/** Disciplines whose number of records is another than the published one. */
function checkSubjects(checks: Checks, name: string, records: readonly Placed[], table: Record<string, number>): void {
  const summary = "disciplines with another number of records than published";
  const check = checks.open(`subjects/${name}`, summary, "note", 0);
  const counts = new Map(Object.keys(table).map((subject) => [subject, 0]));
  for (const { record } of records) counts.set(record.subject, (counts.get(record.subject) ?? 0) + 1);
  for (const [subject, count] of counts)
    if (count !== (Object.hasOwn(table, subject) ? table[subject] : 0))
      check.find({ file: records[0]?.file ?? "", line: 0, field: "subject_name", value: `${subject}: ${count}` });
}
