import { requireKnown } from "../../kernels/nearest-name.ts";
import { findSplit, type FoundFile } from "../benchmark-files.ts";
import type { EditCase } from "../case.ts";
import { jsonRecords } from "../json-records.ts";
import { ordered, reading, type Reading, type ReadingLog, type ReadOptions } from "../reading.ts";
import { MalformedRecordError, RecordFields } from "../record-fields.ts";
import type { VisualFormat } from "./format.ts";
import { imageRoots } from "./image-folders.ts";
import { NegativeIndex } from "./negative-index.ts";
import { type Picture, toCase } from "./to-case.ts";
import type { VisualEdit } from "./visual-edit.ts";

type Options = ReadOptions & { split: string };

/** Cause: the image of a record is missing, and images are needed. Stays inside: the record is counted. */
class ImageMissing extends Error {}

/**
 * Makes `Benchmark.read` of a visual format. Records whose target is empty, or that lack the hop asked for, are counted as skipped; images
 * whose files are missing are counted among the notes, per field.
 *
 * The reading throws: BenchmarkMissingError, BenchmarkFileError, MalformedRecordError (also for references that leave the image folder),
 * CancelledError.
 */
export const visualReader =
  (format: VisualFormat) =>
  (options: ReadOptions): Reading<EditCase> => {
    const { benchmark, splits } = format.layout;
    const split = requireKnown(`${benchmark} split`, options.split ?? Object.keys(splits)[0], Object.keys(splits));
    const onInvalid = requireKnown("onInvalid", options.onInvalid ?? "throw", ["throw", "report"] as const);
    return reading((log) => ordered(cases(format, { ...options, split, onInvalid }, log), options));
  };

async function* cases(format: VisualFormat, options: Options, log: ReadingLog): AsyncGenerator<EditCase> {
  const { benchmark } = format.layout;
  const file = await findSplit(format.layout, options.folder, options.split);
  const joined = await format.joined?.(options);
  const roots = await imageRoots(format.layout, file, options, format.imageFolders);
  const index = options.hardNegatives ? await negativeIndex(format, file, options) : undefined;
  for (const source of [file.name, ...(joined?.sources ?? [])]) log.source(source);
  for await (const { edit, fields } of edits(format, file, options, log)) {
    joined?.add(edit);
    const left = leftOut(edit, options);
    if (left !== undefined) {
      log.skip(left);
      continue;
    }
    if (!options.hardNegatives) edit.negatives = [];
    else if (edit.negatives.length === 0) {
      const drawn = index!.draw(edit, options.seed ?? 0, fields.index);
      edit.negatives = drawn.negatives;
      edit.notes.push(...drawn.notes);
    }
    const picture: Picture = async (field, reference) => {
      const found = await roots.locate(reference);
      if ("problem" in found) return fields.refuse(field, found.problem, reference);
      if (found.missing && options.needImages) throw new ImageMissing(field);
      if (found.missing) edit.notes.push(`field "${field}": the image file is missing`);
      return found.image;
    };
    const made = await outcome(
      () => toCase(edit, { benchmark, split: options.split, index: fields.index, corrects: format.corrects }, picture),
      options,
    );
    if ("skip" in made) log.skip(made.skip);
    else {
      for (const note of edit.notes) log.note(note);
      yield made.value;
    }
  }
  for (const note of joined?.rest() ?? []) log.note(note);
}

/** The records of a file as edits; malformed ones are thrown or counted. */
async function* edits(format: VisualFormat, file: FoundFile, options: Options, log?: ReadingLog) {
  const { benchmark } = format.layout;
  for await (const json of jsonRecords(file.path, benchmark, { signal: options.signal })) {
    const made = await outcome(async () => {
      const fields = new RecordFields(json, `${benchmark}: ${file.name}`);
      return { fields, edit: format.parse(fields, file) };
    }, options);
    if ("skip" in made) log?.skip(made.skip);
    else yield made.value;
  }
}

async function outcome<T>(make: () => Promise<T>, { onInvalid }: Options): Promise<{ value: T } | { skip: string }> {
  try {
    return { value: await make() };
  } catch (error) {
    if (error instanceof ImageMissing) return { skip: `field "${error.message}": the image file is missing` };
    if (onInvalid === "throw" || !(error instanceof MalformedRecordError)) throw error;
    return { skip: error.place ? `the record is malformed (field "${error.place.field}")` : "the record is malformed" };
  }
}

/** Why an edit is not among the cases that were asked for. With a hop, its first question of that hop is the only one that stays. */
function leftOut(edit: VisualEdit, { hop }: Options): string | undefined {
  if (edit.alt.trim() === "") return "the target is empty";
  if (hop === undefined) return undefined;
  const wanted = edit.more.find((probe) => probe.kind === "portability" && probe.hop === hop);
  if (!wanted) return `no portability probe of ${hop} hop${hop > 1 ? "s" : ""}`;
  edit.more = edit.more.filter((probe) => probe.kind !== "portability" || probe === wanted);
  return undefined;
}

async function negativeIndex(format: VisualFormat, file: FoundFile, options: Options): Promise<NegativeIndex> {
  const shown = ({ pred, alt }: VisualEdit) => (format.shown === "alt" ? alt : (pred ?? alt));
  const index = new NegativeIndex(shown, (edit) => format.attribute?.(edit));
  for await (const { edit } of edits(format, file, options)) index.add(edit);
  return index;
}
