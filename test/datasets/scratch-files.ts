import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder in the temporary directory with the given files; a value that is no text or bytes is written as JSON. */
export function scratchFiles(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), "medke-benchmark-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    const raw = typeof content === "string" || content instanceof Uint8Array;
    writeFileSync(join(folder, name), raw ? content : JSON.stringify(content, null, 1));
  }
  return folder;
}

/** Runs work in such a folder and removes it. */
export async function inScratch<T>(files: Readonly<Record<string, unknown>>, work: (folder: string) => Promise<T>) {
  const folder = scratchFiles(files);
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What a promise fails with. */
export const failure = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => {
      throw new Error("expected a failure");
    },
    (error: Error) => error,
  );
