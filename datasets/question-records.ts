import { requireKnown } from "../kernels/nearest-name.ts";
import { type FileLayout, findSplit, type FoundFile } from "./benchmark-files.ts";
import { type JsonRecord, jsonRecords } from "./json-records.ts";
import { ordered, reading, type Reading, type ReadingLog, type ReadOptions } from "./reading.ts";
import { MalformedRecordError, RecordFields } from "./record-fields.ts";
import type { VqaRecord } from "./vqa-record.ts";
import { imageRoots } from "./visual-edit/image-folders.ts";

/** A question whose image is a reference still; or why the record cannot be used. */
export type ParsedQuestion = { question: Omit<VqaRecord, "image">; reference: string } | { skip: string };

/** A benchmark whose files are lists of questions with answers. */
export interface QuestionFormat {
  layout: FileLayout;
  /** Splits that are parts of a file's: the name of the file's split, and what is read of it. */
  parts?: Readonly<
    Record<string, { of: string; keep(options: ReadOptions): Promise<(question: ParsedQuestion) => boolean> }>
  >;
  /** Folders that references may start from, relative to the benchmark's; the usual one first. */
  imageFolders: readonly string[];
  /** The languages, the default first. */
  langs: readonly string[];
  /** Reads a record; harmless repairs go to `note`. Throws: MalformedRecordError. */
  parse(json: JsonRecord, where: string, split: string, note: (reason: string) => void): ParsedQuestion;
}

/** Every split that can be asked for. */
export const questionSplits = ({ layout, parts }: QuestionFormat): string[] => [
  ...Object.keys(layout.splits),
  ...Object.keys(parts ?? {}),
];

/**
 * Makes `Benchmark.readQuestions` of a format. One language is read at a time; `lang: "all"` reads all of them.
 *
 * The reading throws: BenchmarkMissingError, BenchmarkFileError, MalformedRecordError, CancelledError.
 */
export const questionReader =
  (format: QuestionFormat) =>
  (options: ReadOptions): Reading<VqaRecord> => {
    const { benchmark } = format.layout;
    const splits = questionSplits(format);
    const split = requireKnown(`${benchmark} split`, options.split ?? splits[0], splits);
    const onInvalid = requireKnown("onInvalid", options.onInvalid ?? "throw", ["throw", "report"] as const);
    const lang = requireKnown(`${benchmark} language`, options.lang ?? format.langs[0], [...format.langs, "all"]);
    return reading((log) => ordered(questions(format, { ...options, split, onInvalid, lang }, log), options));
  };

async function* questions(
  format: QuestionFormat,
  options: ReadOptions & { split: string; lang: string },
  log: ReadingLog,
): AsyncGenerator<VqaRecord> {
  const part = format.parts?.[options.split];
  const file = await findSplit(format.layout, options.folder, part?.of ?? options.split);
  log.source(file.name);
  const keep = await part?.keep(options);
  const roots = await imageRoots(format.layout, file, options, format.imageFolders);
  const where = `${format.layout.benchmark}: ${file.name}`;
  if (options.lang === "all" && format.langs.length > 1)
    log.note("several languages at once: their splits are image-disjoint only each in itself");
  for await (const { parsed, json } of parsedQuestions(format, file, options, log)) {
    if ("skip" in parsed) {
      log.skip(parsed.skip);
      continue;
    }
    if (options.lang !== "all" && parsed.question.lang !== options.lang) {
      log.skip(`in another language than ${options.lang}`);
      continue;
    }
    if (keep && !keep(parsed)) {
      log.skip(`no part of ${options.split}`);
      continue;
    }
    const found = await roots.locate(parsed.reference);
    if ("problem" in found) {
      if (options.onInvalid === "throw") new RecordFields(json, where).refuse("image", found.problem, parsed.reference);
      log.skip("the record is malformed");
    } else if (found.missing && options.needImages) log.skip("the image file is missing");
    else {
      if (found.missing) log.note("the image file is missing");
      yield { ...parsed.question, split: options.split, image: found.image };
    }
  }
}

async function* parsedQuestions(
  format: QuestionFormat,
  file: FoundFile,
  { onInvalid, signal }: ReadOptions,
  log: ReadingLog,
): AsyncGenerator<{ parsed: ParsedQuestion; json: JsonRecord }> {
  const { benchmark } = format.layout;
  for await (const json of jsonRecords(file.path, benchmark, { signal }))
    try {
      yield { parsed: format.parse(json, `${benchmark}: ${file.name}`, file.split, log.note), json };
    } catch (error) {
      if (onInvalid === "throw" || !(error instanceof MalformedRecordError)) throw error;
      log.skip("the record is malformed");
    }
}
