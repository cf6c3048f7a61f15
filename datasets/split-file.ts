import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { BenchmarkMissingError } from "./read-json-array.ts";
import { shownPath } from "./shown-path.ts";

/** Where the file of each split may lie below a benchmark's folder, the published place first. */
export type SplitFiles = Readonly<Record<string, readonly string[]>>;

/** One file of a benchmark on this machine. */
export interface SplitFile {
  split: string;
  path: string;
  /** Relative to `root`. */
  name: string;
  /** The benchmark's folder: what image references start from, or below. */
  root: string;
}

/**
 * The file of one split. `folder` is the benchmark's folder, or the file itself.
 *
 * Throws: BenchmarkMissingError, which names the places that were tried.
 */
export async function splitFile(benchmark: string, folder: string, split: string, files: SplitFiles) {
  const found = await place(folder, split, files[split]);
  if (found) return found;
  throw new BenchmarkMissingError(
    `${benchmark}: none of ${files[split].join(", ")} is in ${shownPath(resolve(folder))}. ` +
      `Pass the folder that holds one of them, or the file itself.`,
  );
}

/**
 * Every file of a benchmark that is there, in the order of its splits. A `folder` that is a file counts as that of the split whose file
 * has its name, or of the first.
 *
 * Throws: BenchmarkMissingError where none is.
 */
export async function splitFiles(benchmark: string, folder: string, files: SplitFiles): Promise<SplitFile[]> {
  const splits = Object.keys(files);
  if (await isFile(folder)) {
    const named = (split: string) => files[split].some((name) => basename(name) === basename(folder));
    const split = splits.find(named) ?? splits[0];
    return [(await place(folder, split, files[split]))!];
  }
  const found = await Promise.all(splits.map((split) => place(folder, split, files[split])));
  const present = found.filter((file) => file !== undefined);
  if (present.length) return present;
  throw new BenchmarkMissingError(
    `${benchmark}: ${shownPath(resolve(folder))} holds none of its files (${Object.values(files).flat().join(", ")}). ` +
      `Pass the folder that does.`,
  );
}

async function place(folder: string, split: string, names: readonly string[]): Promise<SplitFile | undefined> {
  const given = resolve(folder);
  if (await isFile(given)) {
    const tail = names.find((name) => given.endsWith(sep + name.replaceAll("/", sep)));
    const root = tail ? given.slice(0, -tail.length - 1) || sep : dirname(given);
    return { split, path: given, name: tail ?? basename(given), root };
  }
  for (const name of names) {
    const path = join(given, name);
    if (await isFile(path)) return { split, path, name, root: given };
  }
  return undefined;
}

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
