import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { throwIfCancelled } from "../../kernels/errors.ts";
import type { FetchRecord } from "./fetch-record.ts";
import { readFigureManifest } from "./figure-manifest.ts";
import { LicenceFile } from "./licence-file.ts";
import type { BenchmarkSource, ByHand, SourceFile } from "./source.ts";
import { type Expected, verifyFile } from "./verify.ts";

/** What of a benchmark is in a folder, found without a network. */
export interface LocalState {
  /** Verified files, with their bytes together. */
  present: number;
  bytes: number;
  /** Files and archives that are not there. */
  missing: SourceFile[];
  /** Images that are not there; undefined where their list is missing, too. */
  missingFigures: number | undefined;
  /** Files that are there and are not what they should be. */
  wrong: { path: string; problem: string }[];
  /** What the user fetches by hand, and is not there or not right. */
  byHand: { step: ByHand; missing: string[] }[];
}

export interface LocalStateOptions {
  root: string;
  source: BenchmarkSource;
  record: FetchRecord;
  annotationsOnly?: boolean;
  signal?: AbortSignal;
  onProgress?(done: number): void;
}

/**
 * Reads every file of a benchmark in a folder and compares it with the published digest, or with the one recorded when it was fetched.
 *
 * Throws: CancelledError; BenchmarkFileError for a damaged list of figures.
 */
export async function localState(options: LocalStateOptions): Promise<LocalState> {
  const { root, source, record, annotationsOnly, signal } = options;
  const state: LocalState = { present: 0, bytes: 0, missing: [], missingFigures: undefined, wrong: [], byHand: [] };

  /** "absent", "unknown" (there, but nothing to compare it with), or counted as present or wrong. */
  const look = async (path: string, published?: string): Promise<"absent" | "unknown" | "seen"> => {
    throwIfCancelled(signal, "checking files");
    const file = join(root, path);
    if (!(await exists(file))) return "absent";
    const recorded = record.files.get(path);
    const expected: Expected | undefined = recorded ?? (published ? { sha256: published } : undefined);
    if (!expected) return "unknown";
    const { bytes, sha256, mismatch } = await verifyFile(file, { bytes: recorded?.bytes, sha256: expected.sha256 });
    if (mismatch) state.wrong.push({ path, problem: mismatch });
    else {
      state.present++;
      state.bytes += bytes;
      options.onProgress?.(state.present);
      if (!recorded) record.files.set(path, { bytes, sha256, from: "found in the folder" });
    }
    return "seen";
  };

  for (const file of source.files) {
    if (annotationsOnly && file.images) continue;
    if (file.unpack) {
      if (!record.archives.has(file.to) || !(await exists(join(root, file.unpack.into)))) {
        forgetArchive(record, file.to);
        state.missing.push(file);
        continue;
      }
      const again = `missing; move the folder ${file.unpack.into} away to fetch it anew`;
      for (const [path, { archive }] of record.files)
        if (archive === file.to && (await look(path)) === "absent") state.wrong.push({ path, problem: again });
    } else if ((await look(file.to, file.sha256)) !== "seen") {
      record.files.delete(file.to);
      state.missing.push(file);
    }
  }
  if (source.figures && !annotationsOnly) {
    const { manifest, to } = source.figures;
    if (await exists(join(root, manifest))) {
      state.missingFigures = 0;
      const licences = await LicenceFile.open(join(root, to, LicenceFile.FILE));
      for (const { file } of await readFigureManifest(join(root, manifest))) {
        const seen = (await look(`${to}/${file}`)) === "seen";
        if (!seen) record.files.delete(`${to}/${file}`);
        if (!seen || !licences.has(file)) state.missingFigures++;
      }
    }
  } else state.missingFigures = 0;

  for (const step of source.byHand) {
    const missing: string[] = [];
    for (const { to, sha256 } of step.put)
      if (!(await exists(join(root, to)))) missing.push(to);
      else if (sha256) {
        const { mismatch } = await verifyFile(join(root, to), { sha256 });
        if (mismatch) state.wrong.push({ path: to, problem: mismatch });
      }
    if (missing.length) state.byHand.push({ step, missing });
  }
  return state;
}

function forgetArchive(record: FetchRecord, name: string): void {
  record.archives.delete(name);
  for (const [path, { archive }] of [...record.files]) if (archive === name) record.files.delete(path);
}

const exists = async (path: string) => (await lstat(path).catch(() => undefined)) !== undefined;
