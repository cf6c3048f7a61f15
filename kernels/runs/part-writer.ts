import { randomBytes } from "node:crypto";
import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../datasets/make-folder.ts";
import { formatLine } from "./part-line.ts";
import { orExplain } from "./run-store-error.ts";

/** Appends finished work to a part file of its own. */
export interface PartWriter {
  /** Name of the part, without its ending. */
  readonly part: string;
  readonly file: string;
  /** Returns, with the place of the line, when it is on disk. Throws: RunStoreError; the writer is then closed and takes nothing more. */
  append(key: string, result: unknown): { at: number; start: number; length: number };
  close(): void;
}

/** Folders of a run's folder: results of cases, what the base model answers, what confusion pairs got. */
export type PartKind = "parts" | "base" | "confusion";

/** Writes bytes to a file descriptor and says how many were written. Tests put fail points here. */
export type Write = (fd: number, bytes: Buffer) => number;

/**
 * Opens a new part file among the `kind` of a run folder. A line is on disk when `append` returns; only one of "base", which can
 * be asked again at no loss, may be lost in a power cut.
 */
export function openPart(
  folder: string,
  { kind = "parts", write = writeSync as Write }: { kind?: PartKind; write?: Write } = {},
): PartWriter {
  const parts = join(folder, kind);
  const part = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const file = join(parts, `${part}.jsonl`);
  const fd = orExplain(folder, "be written", () => {
    makeFolder(parts);
    const opened = openSync(file, "ax");
    syncFolder(parts);
    return opened;
  });
  let open = true;
  let end = 0;
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  return {
    part,
    file,
    append(key, result) {
      if (!open) throw new Error("internal: the part file is closed");
      const at = Date.now();
      const line = formatLine({ key, part, at, result });
      try {
        orExplain(folder, "be written", () => {
          const written = write(fd, line);
          if (written !== line.length) throw new Error(`${written} of ${line.length} bytes were written`);
          if (kind !== "base") fdatasyncSync(fd);
        });
      } catch (error) {
        // After a short write the file ends in a torn line, and nothing may follow that.
        close();
        throw error;
      }
      const start = end;
      end += line.length;
      return { at, start, length: line.length };
    },
    close,
  };
}

/** The new name must survive a power cut too. Windows cannot open folders, and needs no such step. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(folder, "r");
  fsyncSync(fd);
  closeSync(fd);
}
