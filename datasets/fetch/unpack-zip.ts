import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import * as yauzl from "yauzl";
import type { EntryRules } from "./archive-entry.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { stopped } from "./network.ts";

const FILE_TYPE = 0o170000;
const FOLDER = 0o040000;
const SPECIAL: Record<number, string> = {
  0o010000: "a named pipe",
  0o020000: "a device",
  0o060000: "a device",
  0o120000: "a symbolic link",
  0o140000: "a socket",
};

/** Reads a zip archive file by file. Throws: UnsafeArchiveError, also where the archive is damaged; CancelledError. */
export async function* zipFiles(file: string, rules: EntryRules, signal?: AbortSignal): AsyncGenerator<ArchiveFile> {
  // Names stay bytes: yauzl would turn backslashes into slashes, or stop at a bad name without saying which rule it broke.
  const options = { lazyEntries: true, decodeStrings: false, autoClose: false };
  const zip = await promised<yauzl.ZipFile>((done) => yauzl.open(file, options, done)).catch((error) =>
    rules.damaged("", error),
  );
  try {
    rules.announce(zip.entryCount);
    for (let entry = await next(zip, rules); entry; entry = await next(zip, rules)) {
      if (signal?.aborted) throw stopped("unpacking");
      const rawName = nameOf(entry);
      const path = rules.admit(rawName, kindOf(entry, rawName));
      if (path === undefined) continue;
      rules.claim(rawName, entry.uncompressedSize);
      yield { rawName, path, contents: contentsOf(zip, entry, rawName, rules) };
    }
  } finally {
    zip.close();
  }
}

/** Bytes that are not UTF-8 become a character that no name may hold. */
const nameOf = (entry: yauzl.Entry): string => (entry.fileName as unknown as Buffer).toString("utf8");

function kindOf(entry: yauzl.Entry, rawName: string): string {
  if (entry.isEncrypted()) return "encrypted";
  // The upper half holds the mode where a Unix system wrote the archive; a special file is refused whoever claims to have written it.
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE;
  return SPECIAL[type] ?? (type === FOLDER || rawName.endsWith("/") ? "folder" : "file");
}

async function* contentsOf(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  rawName: string,
  rules: EntryRules,
): AsyncGenerator<Uint8Array> {
  let checksum = 0;
  try {
    for await (const chunk of await promised<Readable>((done) => zip.openReadStream(entry, done))) {
      checksum = crc32(chunk as Buffer, checksum);
      yield chunk as Buffer;
    }
  } catch (error) {
    rules.damaged(rawName, error);
  }
  if (checksum !== entry.crc32) rules.refuse(rawName, "its checksum (CRC-32) does not fit");
}

/** The next entry of the central directory; undefined at its end. */
async function next(zip: yauzl.ZipFile, rules: EntryRules): Promise<yauzl.Entry | undefined> {
  try {
    return await new Promise((done, fail) => {
      const settle = () => void zip.off("entry", onEntry).off("end", onEnd).off("error", onError);
      const onEntry = (entry: yauzl.Entry) => (settle(), done(entry));
      const onEnd = () => (settle(), done(undefined));
      const onError = (error: Error) => (settle(), fail(error));
      zip.on("entry", onEntry).on("end", onEnd).on("error", onError);
      zip.readEntry();
    });
  } catch (error) {
    return rules.damaged("", error);
  }
}

const promised = <T>(start: (done: (error: Error | null, value: T) => void) => void): Promise<T> =>
  new Promise((done, fail) => start((error, value) => (error ? fail(error) : done(value))));
