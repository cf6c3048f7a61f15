// The result store of a run: append-only part files, one JSON line a finished unit.
//
// A part file belongs to one process lifetime and is never reopened, so torn bytes can stand only at its end.
//
//   killed                          on disk               on resume
//   before the append               nothing               the unit runs again
//   in the middle of the append     torn last line        the line is dropped, the unit runs again
//   after the append, before sync   complete line         the unit is skipped (a power cut may lose the line: it runs again)
//   after the sync                  complete line         the unit is skipped
//
// Guaranteed: a result is reported as stored only when it is on disk; every unit counts once, however often it was computed.
// Not promised: that a network file system still has the last lines after a power cut.
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { shownPath } from "../../datasets/shown-path.ts";
import { UserFacingError } from "../errors.ts";
import { canonicalJson } from "../evaluation/content-hash.ts";
import type { CaseResult } from "../evaluation/result.ts";
import { formatLine, parseLine, type StoredUnit } from "./part-line.ts";

/** Cause: a run folder cannot be created, read or written (rights, full disk). Handled by: the user; what is stored stays valid. */
export class RunStoreError extends UserFacingError {}

/** Appends finished units to a part file of its own. */
export interface PartWriter {
  /** Returns when the line is on disk. Throws: RunStoreError; the writer is then closed and takes nothing more. */
  append(key: string, result: CaseResult): void;
  close(): void;
}

/** Opens a new part file in a run folder. `write` is there for tests, which kill the process in the middle of it. */
export function openPart(
  folder: string,
  { write = writeSync as (fd: number, bytes: Buffer) => number } = {},
): PartWriter {
  const parts = join(folder, "parts");
  const part = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const fd = orExplain(folder, "be written", () => {
    mkdirSync(parts, { recursive: true });
    const opened = openSync(join(parts, `${part}.jsonl`), "ax");
    syncFolder(parts);
    return opened;
  });
  let open = true;
  const close = () => {
    if (open) closeSync(fd);
    open = false;
  };
  return {
    append(key, result) {
      if (!open) throw new Error("internal: the part file is closed");
      const line = formatLine({ key, part, at: Date.now(), result });
      try {
        orExplain(folder, "be written", () => {
          const written = write(fd, line);
          if (written !== line.length) throw new Error(`${written} of ${line.length} bytes were written`);
          fdatasyncSync(fd);
        });
      } catch (error) {
        // After a short write the file ends in a torn line, and nothing may follow that.
        close();
        throw error;
      }
    },
    close,
  };
}

export interface StoreContents {
  /** Stored units by key. */
  units: Map<string, StoredUnit>;
  /** Lines dropped because they were torn or damaged. */
  torn: number;
  /** Lines dropped because their unit was stored already. */
  duplicates: number;
  /** Keys whose results disagree beyond the time that the edit took. */
  conflicts: string[];
}

/**
 * Reads all part files of a run folder; a folder that does not exist holds nothing.
 *
 * Of several results of one unit the earliest counts, then the one of the first part name: the order of files does not matter.
 * Throws: RunStoreError.
 */
export function readStore(folder: string): StoreContents {
  const contents: StoreContents = { units: new Map(), torn: 0, duplicates: 0, conflicts: [] };
  const conflicts = new Set<string>();
  for (const file of partFiles(folder)) {
    const lines = orExplain(folder, "be read", () => readFileSync(file, "utf8")).split("\n");
    // What follows the last newline is either nothing or a torn line, even where its bytes happen to be complete.
    if (lines.pop() !== "") contents.torn++;
    for (const line of lines) {
      const unit = parseLine(line);
      if (!unit) {
        contents.torn++;
        continue;
      }
      const known = contents.units.get(unit.key);
      if (known) {
        contents.duplicates++;
        if (comparable(known) !== comparable(unit)) conflicts.add(unit.key);
      }
      if (!known || precedes(unit, known)) contents.units.set(unit.key, unit);
    }
  }
  contents.conflicts = [...conflicts].sort();
  return contents;
}

const precedes = (a: StoredUnit, b: StoredUnit) => a.at < b.at || (a.at === b.at && a.part < b.part);

const comparable = ({ result }: StoredUnit) => canonicalJson({ ...result, edit_ms: 0 });

function partFiles(folder: string): string[] {
  const parts = join(folder, "parts");
  return orExplain(folder, "be read", () => {
    try {
      return readdirSync(parts)
        .filter((name) => name.endsWith(".jsonl"))
        .sort()
        .map((name) => join(parts, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  });
}

/** The new name must survive a power cut too. Windows cannot open folders, and needs no such step. */
function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const fd = openSync(folder, "r");
  fsyncSync(fd);
  closeSync(fd);
}

function orExplain<T>(folder: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new RunStoreError(
      `run folder ${shownPath(folder)}: it cannot ${what} (${(cause as Error).message}). Free space or choose another folder; stored results stay valid.`,
      { cause },
    );
  }
}
