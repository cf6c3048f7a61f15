import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import { shownPath } from "../shown-path.ts";
import { FetchTargetError } from "./errors.ts";
import { foldedName, unsafeName } from "./safe-path.ts";
import { sortedObject, writeJsonWhole } from "./write-whole.ts";

/** A file that was fetched, verified and put in place. */
export interface FetchedFile {
  bytes: number;
  sha256: string;
  /** The address it came from. */
  from: string;
  /** The archive it was in. */
  archive?: string;
}

/** What medke has put into a folder: `medke-fetch.json` there. It makes a later check possible without a network. */
export class FetchRecord {
  static readonly FILE = "medke-fetch.json";

  private constructor(
    private readonly root: string,
    private readonly benchmark: string,
    private readonly licence: string,
    readonly files: Map<string, FetchedFile>,
    /** Archives that were unpacked and removed, with their digests. */
    readonly archives: Map<string, FetchedFile>,
  ) {}

  /** Throws: FetchTargetError where the folder holds another benchmark, or a record that cannot be read. */
  static async open(root: string, benchmark: string, licence: string): Promise<FetchRecord> {
    const file = join(root, FetchRecord.FILE);
    const text = (await lstat(file).catch(() => undefined)) && (await readFile(file, "utf8"));
    if (text === undefined) return new FetchRecord(root, benchmark, licence, new Map(), new Map());
    let stored: { benchmark?: unknown; files?: unknown; archives?: unknown };
    try {
      stored = JSON.parse(text);
    } catch (cause) {
      throw new FetchTargetError(
        `${shownPath(file)} is damaged (not JSON). Remove it; files that are right are taken up again.`,
        { cause },
      );
    }
    if (stored.benchmark !== benchmark)
      throw new FetchTargetError(
        `${shownPath(root)} holds the benchmark "${stored.benchmark}", not "${benchmark}". Name another folder with --out.`,
      );
    return new FetchRecord(root, benchmark, licence, entries(stored.files), entries(stored.archives));
  }

  async add(path: string, file: FetchedFile): Promise<void> {
    this.files.set(path, file);
    await this.save();
  }

  /** Writes the record; called by `add`. */
  save(): Promise<void> {
    return writeJsonWhole(join(this.root, FetchRecord.FILE), {
      format: 1,
      benchmark: this.benchmark,
      licence: this.licence,
      files: sortedObject(this.files),
      archives: sortedObject(this.archives),
    });
  }
}

/** Entries of the right form; a name that leads out of the folder is none. */
function entries(stored: unknown): Map<string, FetchedFile> {
  if (typeof stored !== "object" || stored === null) return new Map();
  return new Map(
    Object.entries(stored as Record<string, Partial<FetchedFile> | null>).filter(
      (entry): entry is [string, FetchedFile] =>
        unsafeName(entry[0]) === undefined &&
        typeof entry[1]?.sha256 === "string" &&
        typeof entry[1].bytes === "number" &&
        typeof entry[1].from === "string" &&
        foldedName(entry[0]) !== FetchRecord.FILE,
    ),
  );
}
