import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import type { EntryRules } from "./archive-entry.ts";
import type { ArchiveFile } from "./archive-file.ts";
import { ByteReader } from "./byte-reader.ts";
import { stopped } from "./network.ts";
import { BLOCK, paxRecords, type TarHeader, tarHeader, text } from "./tar-header.ts";

const KINDS: Record<string, string> = {
  "0": "file",
  "\0": "file",
  "7": "file",
  "5": "folder",
  "1": "a hard link",
  "2": "a symbolic link",
  "3": "a device",
  "4": "a device",
  "6": "a named pipe",
  S: "a sparse file",
};

/** Longest name or extended header that is read into memory. */
const LONGEST_EXTENSION = 2 ** 20;

/** Reads a gzip-compressed tar archive file by file. Throws: UnsafeArchiveError, also where the archive is damaged; CancelledError. */
export async function* tarFiles(file: string, rules: EntryRules, signal?: AbortSignal): AsyncGenerator<ArchiveFile> {
  const gunzip = createGunzip();
  // Failures reach the reader through the stream itself.
  pipeline(createReadStream(file), gunzip, () => {});
  const reader = new ByteReader(gunzip);
  try {
    for (;;) {
      if (signal?.aborted) throw stopped("unpacking");
      const header = await nextHeader(reader, rules);
      if (!header) return;
      const { name, size, type } = header;
      const kind =
        name.endsWith("/") && KINDS[type] === "file" ? "folder" : (KINDS[type] ?? `of the unknown type "${type}"`);
      const path = rules.admit(name, kind);
      rules.claim(name, size);
      let read = false;
      const contents = () => ((read = true), contentsOf(reader, name, size, rules));
      if (path !== undefined)
        yield { rawName: name, path, contents: { [Symbol.asyncIterator]: () => contents()[Symbol.asyncIterator]() } };
      if (!read) for await (const _ of contents());
    }
  } finally {
    await reader.close();
  }
}

async function* contentsOf(
  reader: ByteReader,
  name: string,
  size: number,
  rules: EntryRules,
): AsyncGenerator<Uint8Array> {
  try {
    let left = size;
    for await (const piece of reader.pieces(size)) {
      left -= piece.length;
      yield piece;
    }
    if (left > 0) throw new Error("it ends in the middle");
    await reader.take(-size & (BLOCK - 1));
  } catch (error) {
    rules.damaged(name, error);
  }
}

/** The next entry, its long name or size filled in; undefined at the archive's end. */
async function nextHeader(reader: ByteReader, rules: EntryRules): Promise<TarHeader | undefined> {
  let longName: string | undefined;
  let pax = new Map<string, string>();
  try {
    for (;;) {
      const block = await reader.take(BLOCK);
      const header = block && tarHeader(block);
      if (!header) {
        if (!block) throw new Error("it ends without an end mark");
        return undefined;
      }
      if (!"xgLK".includes(header.type)) return merged(header, longName, pax);
      rules.announceExtension(header.name);
      if (header.size > LONGEST_EXTENSION) throw new Error("an extended header is too long");
      const body = (await reader.take(header.size)) ?? Buffer.alloc(0);
      if (body.length < header.size) throw new Error("it ends in the middle");
      await reader.take(-header.size & (BLOCK - 1));
      if (header.type === "L") longName = text(body, 0, body.length);
      if (header.type === "x") pax = paxRecords(body);
    }
  } catch (error) {
    return rules.damaged("", error);
  }
}

function merged(header: TarHeader, longName: string | undefined, pax: Map<string, string>): TarHeader {
  const size = pax.has("size") ? Number(pax.get("size")) : header.size;
  if (!Number.isSafeInteger(size) || size < 0) throw new Error("an extended header has a size that is no number");
  return { ...header, size, name: pax.get("path") ?? longName ?? header.name };
}
