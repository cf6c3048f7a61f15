import { findFiles } from "../benchmark-files.ts";
import { groupBy } from "../group-by.ts";
import { ImageAudit } from "../image-audit.ts";
import type { RecordFields } from "../record-fields.ts";
import { checkRecords, type PlacedRecord, readCopy, type RecordCheck, type SplitCopy } from "../validate-edits.ts";
import { Checks, type ValidateOptions, validationReport, type ValidationReport } from "../validation.ts";
import { imageRoots } from "../visual-edit/image-folders.ts";
import { layout } from "./layout.ts";
import { questionTypes } from "./question-type.ts";
import { vqaRadQuestions } from "./questions.ts";

/** A record as it stands, nothing repaired. */
interface Raw {
  qid: number;
  image: string;
  organ: string;
  modality: string;
  question: string;
  answer: string | number;
  answerType: string;
  phraseType: string;
  questionType: string;
}

function parse(fields: RecordFields): Raw {
  const answer = fields.raw("answer");
  if (typeof answer !== "string" && !Number.isInteger(answer))
    return fields.refuse("answer", "expected a string or a whole number", answer);
  return {
    qid: fields.integer("qid"),
    image: fields.filled("image_name"),
    organ: fields.filled("image_organ"),
    modality: fields.filled("modality"),
    question: fields.filled("question"),
    answer: answer as string | number,
    answerType: fields.filled("answer_type"),
    phraseType: fields.filled("phrase_type"),
    questionType: fields.filled("question_type"),
  };
}

const check = (
  id: string,
  field: string,
  summary: string,
  [train, test]: [number, number],
  found: (record: Raw) => boolean,
) => ({ id, summary, severity: "note", field, expected: { train, test }, found }) satisfies RecordCheck<Raw, undefined>;
const untidy = (value: unknown) => typeof value === "string" && value !== value.trim();
const KNOWN_TYPES = ["PRES", "ABN", "MODALITY", "ORGAN", "POS", "PLANE", "COUNT", "SIZE", "OTHER", "ATTRIB", "COLOR"];

/** Counts of the published files. */
const CHECKS: readonly RecordCheck<Raw, undefined>[] = [
  check("closed", "answer_type", "answer is closed", [1823, 272], ({ answerType }) => answerType.trim() === "CLOSED"),
  check("open", "answer_type", "answer is open", [1241, 179], ({ answerType }) => answerType.trim() === "OPEN"),
  check("answer-type-untidy", "answer_type", "answer type has outer spaces", [2, 0], ({ answerType }) =>
    untidy(answerType),
  ),
  check(
    "integer-answer",
    "answer",
    "answer is a number instead of text",
    [10, 0],
    ({ answer }) => typeof answer === "number",
  ),
  check(
    "closed-yes-no",
    "answer",
    "answer is closed, and yes or no",
    [1713, 251],
    ({ answer, answerType }) => answerType.trim() === "CLOSED" && /^(yes|no)$/i.test(String(answer).trim()),
  ),
  ...(
    [
      ["freeform", 1206, 308],
      ["para", 591, 143],
      ["frame", 1267, 0],
    ] as const
  ).map(([name, train, test]) =>
    // prettier-ignore
    check(`phrase-${name}`, "phrase_type", `phrase type is ${name}`, [train, test], ({ phraseType }) => phraseType.trim() === name),
  ),
  check("question-untidy", "question", "question has outer spaces", [13, 0], ({ question }) => untidy(question)),
  check("answer-untidy", "answer", "answer has outer spaces", [2, 0], ({ answer }) => untidy(answer)),
  {
    id: "question-type-unknown",
    summary: "question type is misspelt or unknown even after the known repairs",
    severity: "warning",
    field: "question_type",
    expected: { train: 0, test: 0 },
    found: ({ questionType }) => questionTypes(questionType).some((type) => !KNOWN_TYPES.includes(type)),
  },
];

/**
 * Checks a copy of VQA-RAD against the counts of its files, and looks for its images.
 *
 * Throws: BenchmarkMissingError, BenchmarkFileError, CancelledError.
 */
export async function validateVqaRad(folder: string, options: ValidateOptions = {}): Promise<ValidationReport> {
  const checks = new Checks();
  const { files, splits } = await readCopy({ layout, parse }, folder, checks, { train: 3064, test: 451 }, options);
  const audit = new ImageAudit();
  const found = await findFiles(layout, folder);
  for (const { split, records } of splits) {
    checkRecords(checks, split, records, undefined, CHECKS);
    repeats(checks, split, records);
    checks
      .open(`distinct-images/${split}`, `distinct images of ${split}`, "note", split === "train" ? 314 : 203)
      .count(new Set(records.map(({ record }) => record.image)).size);
    const file = found.find((file) => file.split === split)!;
    const roots = await imageRoots(layout, file, { ...options, folder }, vqaRadQuestions.imageFolders);
    for (const { record, json, file } of records)
      await audit.check(roots, record.image, { file, line: json.lineOf("image_name"), field: "image_name" });
  }
  together(checks, splits);
  return validationReport({
    folder,
    benchmark: "vqa-rad",
    files,
    checks: checks.results(),
    unresolved: audit.results(),
  });
}

const asked = ({ image, question }: Raw) => `${image}\n${question.trim().toLowerCase()}`;

function repeats(checks: Checks, split: string, records: readonly PlacedRecord<Raw>[]): void {
  const train = split === "train";
  const repeated = checks.open(
    `repeated/${split}`,
    "records that ask what an earlier one asks, ignoring case",
    "warning",
    train ? 493 : 0,
  );
  const conflicting = checks.open(
    `conflicting/${split}`,
    "questions that come again with another answer",
    "warning",
    train ? 24 : 0,
  );
  for (const group of groupBy(records, ({ record }) => asked(record)).values()) {
    const answer = ({ record }: PlacedRecord<Raw>) => String(record.answer).trim().toLowerCase();
    const place = ({ json, file }: PlacedRecord<Raw>, field: string, value: unknown) => ({
      file,
      line: json.lineOf(field),
      field,
      value,
    });
    for (const again of group.slice(1)) repeated.find(place(again, "question", again.record.question));
    const other = group.find((one) => answer(one) !== answer(group[0]));
    if (other) conflicting.find(place(other, "answer", other.record.answer));
  }
}

/** What concerns both files: ids, what is constant per image, and images and questions that train and test share. */
function together(checks: Checks, splits: readonly SplitCopy<Raw>[]): void {
  const all = splits.flatMap(({ records }) => records.map(({ record }) => record));
  const images = groupBy(all, ({ image }) => image);
  checks
    .open("repeated-ids", "ids that come again", "error", 0)
    .count(all.length - new Set(all.map(({ qid }) => qid)).size);
  checks
    .open("several-organs", "images whose organ or modality differs between records", "warning", 0)
    .count(
      [...images.values()].filter((group) => new Set(group.map(({ organ, modality }) => organ + modality)).size > 1)
        .length,
    );
  const [train, test] = ["train", "test"].map((name) => splits.find(({ split }) => split === name)?.records ?? []);
  if (train.length === 0 || test.length === 0) return;
  for (const [organ, modality, expected] of [
    ["CHEST", "X-Ray", 107],
    ["ABD", "CT", 104],
    ["HEAD", "MRI", 82],
    ["HEAD", "CT", 21],
  ] as const)
    // prettier-ignore
    checks
      .open(`images-${organ}-${modality}`, `images of ${organ}, ${modality}`, "note", expected)
      .count([...images.values()].filter(([record]) => record.organ === organ && record.modality === modality).length);
  const organs = { HEAD: 1096, CHEST: 1262, ABD: 1157 };
  for (const [organ, expected] of Object.entries(organs))
    checks
      .open(`organ-${organ}`, `questions about ${organ}`, "note", expected)
      .count(all.filter((record) => record.organ === organ).length);
  const trained = new Set(train.map(({ record }) => record.image));
  const tested = new Set(test.map(({ record }) => record.image));
  checks
    .open("test-images-in-train", "images of test that train has too: the split is not image-disjoint", "warning", 203)
    .count([...tested].filter((image) => trained.has(image)).length);
  const known = new Set(train.map(({ record }) => asked(record)));
  const check = checks.open(
    "test-questions-in-train",
    "questions of test that train asks about the same image",
    "warning",
    14,
  );
  for (const { record, json, file } of test)
    if (known.has(asked(record)))
      check.find({ file, line: json.lineOf("question"), field: "question", value: record.question });
  checks
    .open("train-image-disjoint", "records of train about images that test does not have", "note")
    .count(train.filter(({ record }) => !tested.has(record.image)).length);
}
