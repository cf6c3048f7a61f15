import { readdir, realpath } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { requireKnown } from "../../kernels/nearest-name.ts";
import { groupBy } from "../group-by.ts";
import { normaliseAnswer } from "../normalise-answer.ts";
import { BenchmarkMissingError, readJsonArray } from "../read-json-array.ts";
import { type ReasonCount, Tally } from "../reason-count.ts";
import { MalformedRecordError } from "../record-fields.ts";
import { shownPath } from "../shown-path.ts";
import { parseRecord, type VqaRadRecord } from "./record.ts";

const FILES = { train: "trainset.json", test: "testset.json" } as const;
export type VqaRadSplit = keyof typeof FILES;

export interface VqaRad {
  split: VqaRadSplit;
  /** Records in the file, the skipped ones included. */
  total: number;
  /** Usable records in file order. */
  records: VqaRadRecord[];
  /** Records left out, with the reason and the count. */
  skipped: ReasonCount[];
  /** Records kept after a harmless repair. */
  notes: ReasonCount[];
}

export interface ReadVqaRadOptions {
  /** Default "train". All test images also occur in train: the published split is not image-disjoint. */
  split?: VqaRadSplit;
  /** What to do with a malformed record: stop and name it (default), or skip and count it. */
  onInvalid?: "throw" | "report";
}

export const CONFLICT = "the same image and question occur with conflicting answers";
export const MALFORMED = "the record is malformed";

/**
 * Reads VQA-RAD from a folder with `trainset.json`, `testset.json` and `images/`. Nothing is dropped silently: see `skipped`.
 *
 * Throws: BenchmarkMissingError, BenchmarkFileError (line and column), MalformedRecordError (index and field), UnknownNameError.
 * Source: Lau et al. 2018, "A dataset of clinically generated visual questions and answers about radiology images".
 */
export async function readVqaRad(folder: string, options: ReadVqaRadOptions = {}): Promise<VqaRad> {
  const split = requireKnown("vqa-rad split", options.split ?? "train", Object.keys(FILES) as VqaRadSplit[]);
  const onInvalid = requireKnown("onInvalid", options.onInvalid ?? "throw", ["throw", "report"] as const);
  const images = await listImages(resolve(folder));
  const file = join(folder, FILES[split]);
  const raw = await readJsonArray(file, "vqa-rad");

  const skipped = new Tally();
  const notes = new Tally();
  const records: VqaRadRecord[] = [];
  raw.forEach((value, index) => {
    try {
      const parsed = parseRecord(value, index, `vqa-rad: ${FILES[split]}`, (name) => images.get(name), notes);
      if ("record" in parsed) records.push(parsed.record);
      else skipped.add(parsed.skip);
    } catch (error) {
      if (onInvalid === "throw" || !(error instanceof MalformedRecordError)) throw error;
      skipped.add(MALFORMED);
    }
  });
  const conflicting = conflicts(records);
  skipped.add(CONFLICT, conflicting.size);
  return {
    split,
    total: raw.length,
    records: records.filter((record) => !conflicting.has(record)),
    skipped: skipped.list(),
    notes: notes.list(),
  };
}

/** What makes two records ask the same thing: the image and the question, ignoring case and outer spaces. */
export const askedKey = (record: { image: { id: string }; question: string }): string =>
  `${record.image.id}\n${record.question.trim().toLowerCase()}`;

/** Every record of a group that asks the same thing and disagrees on the answer: no answer of such a group can be trusted. */
function conflicts(records: VqaRadRecord[]): Set<VqaRadRecord> {
  const groups = groupBy(records, askedKey);
  const disagree = (group: VqaRadRecord[]) => new Set(group.map((record) => normaliseAnswer(record.answer))).size > 1;
  return new Set([...groups.values()].filter(disagree).flat());
}

/** Absolute path of every image file, by name. Links that leave the image folder are treated as absent. */
async function listImages(folder: string): Promise<Map<string, string>> {
  const root = join(folder, "images");
  const next = "Pass the folder that holds trainset.json, testset.json and images/.";
  const entries = await readdir(root, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "does not exist" : `cannot be read (${cause.code})`;
    throw new BenchmarkMissingError(`vqa-rad: the image folder ${shownPath(root)} ${reason}. ${next}`, { cause });
  });
  const inside = (await realpath(root)) + sep;
  const found = new Map<string, string>();
  for (const entry of entries) {
    const path = join(root, entry.name);
    if (entry.isFile()) found.set(entry.name, path);
    else if (entry.isSymbolicLink() && (await realpath(path).catch(() => "")).startsWith(inside))
      found.set(entry.name, path);
  }
  return found;
}
