import { createHash } from "node:crypto";
import { lstat, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { shownPath } from "../shown-path.ts";
import { EntryRules, RATIO } from "./archive-entry.ts";
import { FetchTargetError } from "./errors.ts";
import { realFolder } from "./safe-path.ts";
import type { Unpacking } from "./source.ts";
import { tarFiles } from "./unpack-tar.ts";
import { zipFiles } from "./unpack-zip.ts";
import type { Measured } from "./verify.ts";

const STAGING = ".medke-unpack-";

export interface UnpackOptions {
  signal?: AbortSignal;
  /** Unpacked bytes per archive byte that are still believed. */
  ratio?: number;
  onProgress?(files: number): void;
}

/**
 * Unpacks an archive into `root/INTO`, which must not exist. Everything is unpacked and checked in a folder of its own first, so that
 * `INTO` appears whole or not at all. Returns the files with their digests, by path below `root`.
 *
 * Throws: UnsafeArchiveError for links, special files, names that leave the folder or collide, bombs and damage; FetchTargetError;
 * CancelledError.
 */
export async function unpack(
  archive: string,
  root: string,
  { format, into, atMostBytes, atMostEntries }: Unpacking,
  { signal, ratio = RATIO, onProgress }: UnpackOptions = {},
): Promise<Map<string, Measured>> {
  const target = join(await realFolder(root), into);
  if (await lstat(target).catch(() => undefined))
    throw new FetchTargetError(
      `${shownPath(target)} exists already, and ${basename(archive)} belongs there. Move it away, or name another folder with --out.`,
    );
  await removeStaging(root);
  const staging = await mkdtemp(join(await realFolder(root), STAGING));
  try {
    const { size } = await lstat(archive);
    const limits = { bytes: atMostBytes, entries: atMostEntries, ratio };
    const rules = new EntryRules(basename(archive), into, size, limits);
    const files = new Map<string, Measured>();
    for await (const { rawName, path, contents } of (format === "zip" ? zipFiles : tarFiles)(archive, rules, signal)) {
      files.set(path, await writeNew(join(staging, path), contents, (bytes) => rules.grow(rawName, bytes)));
      onProgress?.(files.size);
    }
    if (files.size === 0) rules.refuse("", "the archive holds no file");
    await rename(join(staging, into), target);
    return files;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** What an interrupted call left. */
async function removeStaging(root: string): Promise<void> {
  for (const name of await readdir(root))
    if (name.startsWith(STAGING)) await rm(join(root, name), { recursive: true, force: true });
}

async function writeNew(
  path: string,
  contents: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): Promise<Measured> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, "wx");
  const sha256 = createHash("sha256");
  let bytes = 0;
  try {
    for await (const chunk of contents) {
      count(chunk.length);
      sha256.update(chunk);
      await handle.writeFile(chunk);
      bytes += chunk.length;
    }
  } finally {
    await handle.close();
  }
  return { bytes, sha256: sha256.digest("hex") };
}
