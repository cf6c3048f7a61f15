// The result store of a run: append-only part files, one JSON line a finished test.
//
// A part file belongs to one process lifetime and is never reopened, so torn bytes can stand only at its end.
//
//   killed                          on disk               on resume
//   before the append               nothing               the test runs again
//   in the middle of the append     torn last line        the line is dropped, the test runs again
//   after the append, before sync   complete line         the test is skipped (a power cut may lose the line: it runs again)
//   after the sync                  complete line         the test is skipped
//
// Guaranteed: a result is reported as stored only when it is on disk; every result counts once, however often it was computed.
// Not promised: that a network file system still has the last lines after a power cut.
//
// In memory stand the keys and the places of the lines, not the results: about 200 bytes each.
import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../evaluation/content-hash.ts";
import type { Kept } from "../evaluation/kept.ts";
import { parseLine, type StoredLine } from "./part-line.ts";
import { openPart, type PartKind, type PartWriter } from "./part-writer.ts";
import { readLines } from "./read-lines.ts";
import { orExplain } from "./run-store-error.ts";

interface Place {
  file: string;
  part: string;
  at: number;
  start: number;
  length: number;
  /** Of the result without the time that it took. */
  content: string;
}

export interface StoreOptions {
  /** Folder of the part files in the run's folder. Default "parts". */
  kind?: PartKind;
  /** Opens the part file that this process writes. Tests put fail points here. */
  open?: typeof openPart;
}

/**
 * The stored results of a run folder. A folder that does not exist holds nothing, and is made with the first result.
 *
 * Of several results of one key the earliest counts, then the one of the first part name: the order of files does not matter.
 */
export class Store<T extends object> implements Kept<T> {
  /** Lines dropped because they were torn or damaged. */
  torn = 0;
  /** Lines dropped because their key was stored already. */
  duplicates = 0;
  readonly #folder: string;
  readonly #kind: PartKind;
  readonly #open: typeof openPart;
  readonly #places = new Map<string, Place>();
  readonly #conflicts = new Set<string>();
  #writer: PartWriter | undefined;

  /** Throws: RunStoreError. */
  constructor(folder: string, { kind = "parts", open = openPart }: StoreOptions = {}) {
    this.#folder = folder;
    this.#kind = kind;
    this.#open = open;
    for (const file of this.#files()) this.#index(file);
  }

  get size(): number {
    return this.#places.size;
  }

  /** Keys of stored results, in the order in which they were found. */
  keys(): string[] {
    return [...this.#places.keys()];
  }

  /** Keys whose results disagree beyond the time that the edit took. */
  get conflicts(): string[] {
    return [...this.#conflicts].sort();
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  /** Throws: RunStoreError. */
  get(key: string): T | undefined {
    const place = this.#places.get(key);
    if (!place) return undefined;
    return orExplain(this.#folder, "be read", () => {
      const bytes = Buffer.alloc(place.length - 1);
      const fd = openSync(place.file, "r");
      try {
        readSync(fd, bytes, 0, bytes.length, place.start);
      } finally {
        closeSync(fd);
      }
      const line = parseLine<T>(bytes.toString("utf8"));
      if (line?.key !== key) throw new Error(`${place.file} was changed while it was in use`);
      return line.result;
    });
  }

  /** Returns when the result is on disk. Throws: RunStoreError; nothing more is taken then. */
  put(key: string, result: T): void {
    this.#writer ??= this.#open(this.#folder, { kind: this.#kind });
    const { part, file } = this.#writer;
    this.#take(key, { file, part, content: contentOf(result), ...this.#writer.append(key, result) });
  }

  close(): void {
    this.#writer?.close();
  }

  #index(file: string): void {
    orExplain(this.#folder, "be read", () => {
      for (const { bytes, start, torn } of readLines(file)) {
        const line: StoredLine<T> | undefined = torn ? undefined : parseLine<T>(bytes.toString("utf8"));
        if (!line) this.torn++;
        else {
          const { key, part, at, result } = line;
          this.#take(key, { file, part, at, start, length: bytes.length + 1, content: contentOf(result) });
        }
      }
    });
  }

  #take(key: string, place: Place): void {
    const known = this.#places.get(key);
    if (known) {
      this.duplicates++;
      if (known.content !== place.content) this.#conflicts.add(key);
    }
    if (!known || precedes(place, known)) this.#places.set(key, place);
  }

  #files(): string[] {
    const parts = join(this.#folder, this.#kind);
    return orExplain(this.#folder, "be read", () => {
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
}

const precedes = (a: Place, b: Place) => a.at < b.at || (a.at === b.at && a.part < b.part);

const contentOf = (result: object) => contentHash({ ...result, edit_ms: 0 });
