import { findFiles } from "../benchmark-files.ts";
import { groupBy } from "../group-by.ts";
import { ImageAudit } from "../image-audit.ts";
import { normaliseAnswer } from "../normalise-answer.ts";
import type { RecordFields } from "../record-fields.ts";
import { type PlacedRecord, readCopy, type SplitCopy } from "../validate-edits.ts";
import { Checks, type Severity, type ValidateOptions, validationReport, type ValidationReport } from "../validation.ts";
import { imageRoots } from "../visual-edit/image-folders.ts";
import { layout } from "./layout.ts";
import { slakeQuestions } from "./questions.ts";

/** A record as it stands. */
interface Raw {
  qid: number;
  image: number;
  reference: string;
  lang: string;
  question: string;
  answer: string;
  modality: string;
  closed: boolean;
  knowledge: boolean;
}

function parse(fields: RecordFields): Raw {
  const type = fields.text("answer_type").trim();
  if (type !== "OPEN" && type !== "CLOSED") return fields.refuse("answer_type", "expected OPEN or CLOSED", type);
  return {
    qid: fields.integer("qid"),
    image: fields.integer("img_id"),
    reference: fields.filled("img_name"),
    lang: fields.filled("q_lang"),
    question: fields.filled("question"),
    answer: fields.text("answer"),
    modality: fields.text("modality"),
    closed: type === "CLOSED",
    knowledge: fields.text("base_type") === "kvqa",
  };
}

const SPLITS = ["train", "validate", "test"] as const;
const RECORDS = { train: 9835, validate: 2099, test: 2094 };
const PUBLISHED = {
  en: { train: 4919, validate: 1053, test: 1061 },
  zh: { train: 4916, validate: 1046, test: 1033 },
  images: { train: 450, validate: 96, test: 96 },
  knowledge: { train: 1174, validate: 299, test: 267 },
  open: { train: 5954, validate: 1255, test: 1258 },
  closed: { train: 3881, validate: 844, test: 836 },
} as const;
type Published = (typeof PUBLISHED)[keyof typeof PUBLISHED];

/**
 * Checks a copy of SLAKE: counts per split and language, and above all the images that its splits share across languages.
 *
 * Throws: BenchmarkMissingError, BenchmarkFileError, CancelledError.
 */
export async function validateSlake(folder: string, options: ValidateOptions = {}): Promise<ValidationReport> {
  const checks = new Checks();
  const { files, splits } = await readCopy({ layout, parse }, folder, checks, RECORDS, options);
  const audit = new ImageAudit();
  const found = await findFiles(layout, folder);
  for (const copy of splits) {
    perSplit(checks, copy);
    const file = found.find(({ split }) => split === copy.split)!;
    const roots = await imageRoots(layout, file, { ...options, folder }, slakeQuestions.imageFolders);
    for (const { record, json, file } of copy.records)
      await audit.check(roots, record.reference, { file, line: json.lineOf("img_name"), field: "img_name" });
  }
  together(checks, splits);
  if (SPLITS.every((name) => splits.some(({ split }) => split === name))) whole(checks, splits);
  return validationReport({ folder, benchmark: "slake", files, checks: checks.results(), unresolved: audit.results() });
}

function perSplit(checks: Checks, { split, records }: SplitCopy<Raw>): void {
  const raw = records.map(({ record }) => record);
  const count = (id: string, summary: string, published: Published, found: number) =>
    checks.open(`${id}/${split}`, summary, "note", published[split as keyof Published]).count(found);
  for (const lang of ["en", "zh"] as const) {
    const those = raw.filter((record) => record.lang === lang);
    count(`records-${lang}`, `records in ${lang}`, PUBLISHED[lang], those.length);
    count(`images-${lang}`, `images that are asked about in ${lang}`, PUBLISHED.images, imagesOf(those).size);
  }
  count(
    "knowledge",
    "records that need the knowledge graph",
    PUBLISHED.knowledge,
    raw.filter(({ knowledge }) => knowledge).length,
  );
  count("open", "open answers", PUBLISHED.open, raw.filter(({ closed }) => !closed).length);
  count("closed", "closed answers", PUBLISHED.closed, raw.filter(({ closed }) => closed).length);
}

const imagesOf = (records: readonly Raw[]) => new Set(records.map(({ image }) => image));

/** Images that two splits share inside one language (none were published), and across languages. */
function together(checks: Checks, splits: readonly SplitCopy<Raw>[]): void {
  const images = (name: string, lang: string) =>
    imagesOf(
      (splits.find(({ split }) => split === name)?.records ?? [])
        .map(({ record }) => record)
        .filter((record) => record.lang === lang),
    );
  for (const [one, two, across] of [
    ["train", "validate", 130],
    ["train", "test", 142],
    ["validate", "test", 26],
  ] as const) {
    // prettier-ignore
    if (!splits.some(({ split }) => split === one) || !splits.some(({ split }) => split === two)) continue;
    const both = (a: ReadonlySet<number>, b: ReadonlySet<number>) => [...a].filter((image) => b.has(image));
    for (const lang of ["en", "zh"])
      checks
        .open(`shared-images-${lang}/${one}-${two}`, `images that ${one} and ${two} share in ${lang}`, "warning", 0)
        .count(both(images(one, lang), images(two, lang)).length);
    const leaked = [...both(images(one, "en"), images(two, "zh")), ...both(images(one, "zh"), images(two, "en"))];
    checks
      .open(
        `shared-images/${one}-${two}`,
        `images that ${one} and ${two} share across languages: load one language per run`,
        "warning",
        across,
      )
      .count(new Set(leaked).size);
  }
}

/** What was counted over all three files. */
function whole(checks: Checks, splits: readonly SplitCopy<Raw>[]): void {
  const placed = splits.flatMap(({ records }) => records);
  const raw = placed.map(({ record }) => record);
  const each = (
    id: string,
    field: string,
    summary: string,
    severity: Severity,
    expected: number,
    is: (record: Raw) => boolean,
  ) => {
    const check = checks.open(id, summary, severity, expected);
    for (const one of placed) if (is(one.record)) check.find(placeOf(one, field));
  };
  each(
    "empty-answer",
    "answer",
    "records with an empty answer: they are left out",
    "warning",
    1,
    ({ answer }) => answer.trim() === "",
  );
  const yesNo = ({ answer }: Raw) => ["yes", "no"].includes(normaliseAnswer(answer));
  each(
    "closed-not-yes-no",
    "answer",
    "closed answers in English that are neither yes nor no",
    "note",
    387,
    (record) => record.lang === "en" && record.closed && !yesNo(record),
  );
  each(
    "open-yes-no",
    "answer",
    "open answers in English that are yes or no",
    "note",
    0,
    (record) => record.lang === "en" && !record.closed && yesNo(record),
  );
  each(
    "image-name",
    "img_name",
    "image names whose number is not img_id",
    "warning",
    0,
    ({ reference, image }) => !reference.replaceAll("\\", "/").endsWith(`xmlab${image}/source.jpg`),
  );
  const groups = [
    ...groupBy(placed, ({ record }) => JSON.stringify([record.image, record.lang, record.question])).values(),
  ];
  checks
    .open("repeated", "records that repeat image, language and question of an earlier one", "warning", 14)
    .count(groups.reduce((sum, group) => sum + group.length - 1, 0));
  checks
    .open("conflicting", "questions that come again with another answer", "warning", 0)
    .count(groups.filter((group) => new Set(group.map(({ record }) => record.answer)).size > 1).length);
  checks
    .open("repeated-ids", "ids that come again", "error", 0)
    .count(raw.length - new Set(raw.map(({ qid }) => qid)).size);
  checks.open("distinct-images", "distinct images", "note", 642).count(imagesOf(raw).size);
  for (const [modality, expected] of [
    ["CT", 282],
    ["MRI", 181],
    ["X-Ray", 179],
  ] as const)
    checks
      .open(`images-${modality}`, `images of modality ${modality}`, "note", expected)
      .count(imagesOf(raw.filter((record) => record.modality === modality)).size);
}

const placeOf = ({ json, file }: PlacedRecord<Raw>, field: string) => ({
  file,
  line: json.lineOf(field),
  field,
  value: (json.value as Record<string, unknown>)[field],
});
