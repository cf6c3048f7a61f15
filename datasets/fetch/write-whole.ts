import { rename, rm, writeFile } from "node:fs/promises";

/** Writes a value as JSON so that a reader sees the old file or the new one, never half of it. */
export async function writeJsonWhole(path: string, value: unknown): Promise<void> {
  const draft = `${path}.part`;
  await rm(draft, { force: true });
  await writeFile(draft, `${JSON.stringify(value, null, 1)}\n`, { flag: "wx" });
  await rename(draft, path);
}

/** Entries in the order of their keys. */
export const sortedObject = <T>(entries: Iterable<[string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
