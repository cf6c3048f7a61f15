import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { BenchmarkMissingError } from "./read-json-array.ts";
import { shownPath } from "./shown-path.ts";

/** How the files of a benchmark are named, and how published ones are recognised. */
export interface FileLayout {
  benchmark: string;
  /** Names of each split's file, the usual one first; a pattern where a part of the published name varies. */
  splits: Readonly<Record<string, readonly (string | RegExp)[]>>;
  /** Folders in which they lie, relative to the one that the user gives; "" is that one itself. */
  folders: readonly string[];
  /** First 16 hexadecimal digits of the SHA-256 of published files, each with what it is. */
  fingerprints: Readonly<Record<string, { file: string; split: string }>>;
}

export interface FoundFile {
  split: string;
  path: string;
  /** Relative to what the user gave. */
  name: string;
}

/** The files of a copy, one a split at most, in the order of `layout.splits`. Throws: BenchmarkMissingError where there is none. */
export async function findFiles(layout: FileLayout, folder: string): Promise<FoundFile[]> {
  const root = resolve(folder);
  const about = await stat(root).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "does not exist" : `cannot be read (${cause.code})`;
    throw new BenchmarkMissingError(`${layout.benchmark}: ${shownPath(root)} ${reason}. ${wanted(layout)}`, { cause });
  });
  if (about.isFile()) {
    const name = basename(root);
    return [{ split: splitNamed(layout, name) ?? Object.keys(layout.splits)[0], path: root, name }];
  }
  const found = new Map<string, FoundFile>();
  for (const below of layout.folders) {
    const names = await readdir(join(root, below)).catch(() => [] as string[]);
    for (const [split, patterns] of Object.entries(layout.splits)) {
      const name = patterns.flatMap((pattern) => names.filter((name) => matches(pattern, name)))[0];
      const path = name === undefined ? undefined : join(root, below, name);
      // A file that two splits could be is the first one's.
      if (path && !found.has(split) && ![...found.values()].some((other) => other.path === path))
        found.set(split, { split, path, name: relative(root, path).replaceAll("\\", "/") });
    }
  }
  const files = Object.keys(layout.splits).flatMap((split) => found.get(split) ?? []);
  if (files.length === 0)
    throw new BenchmarkMissingError(
      `${layout.benchmark}: ${shownPath(root)} holds none of its files. ${wanted(layout)}`,
    );
  return files;
}

/** The file of one split. Throws: BenchmarkMissingError, which says what was looked for and which splits are there. */
export async function findSplit(layout: FileLayout, folder: string, split: string): Promise<FoundFile> {
  const files = await findFiles(layout, folder);
  const single = files.length === 1 && files[0].path === resolve(folder);
  // A file that the user names is the split that the user asks for, unless its name says otherwise.
  if (single && splitNamed(layout, files[0].name) === undefined) return { ...files[0], split };
  const found = files.find((file) => file.split === split);
  if (found) return found;
  throw new BenchmarkMissingError(
    `${layout.benchmark}: no file of split "${split}" in ${shownPath(single ? dirname(files[0].path) : resolve(folder))}. ` +
      `Looked for ${namesOf(layout, split)}. ` +
      `What is there: ${files.map((file) => `${file.name} (${file.split})`).join(", ")}. Ask for that split, or add the file.`,
  );
}

/** The split that a file name stands for. */
function splitNamed(layout: FileLayout, name: string): string | undefined {
  return Object.entries(layout.splits).find(([, patterns]) => patterns.some((pattern) => matches(pattern, name)))?.[0];
}

const matches = (pattern: string | RegExp, name: string) =>
  typeof pattern === "string" ? pattern === name : pattern.test(name);

function namesOf({ splits, folders }: FileLayout, split: string): string {
  const names = splits[split].map((name) => (typeof name === "string" ? name : nameLike(name)));
  const below = folders.filter((folder) => folder !== "").map((folder) => `${folder}/`);
  return `${names.join(" or ")}, there${below.length ? ` or in ${below.join(", ")}` : ""}`;
}

const wanted = (layout: FileLayout) =>
  `Pass the folder that holds ${Object.values(layout.splits)
    .map(([name]) => (typeof name === "string" ? name : nameLike(name)))
    .join(", ")}, or one of these files.`;

/** A pattern as somebody would write it who lists files: "medmcqa_edit_*_final_new.json". */
const nameLike = ({ source }: RegExp) =>
  source
    .replace(/^\^|\$$/g, "")
    .replace(/\.[*+]\??/g, "*")
    .replace(/\\(.)/g, "$1");
