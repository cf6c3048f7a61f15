import { UserFacingError } from "../../kernels/errors.ts";
import { UnsafeArchiveError } from "./errors.ts";
import { foldedName, unsafeName } from "./safe-path.ts";

/** What an archive may hold at most. */
export interface ArchiveLimits {
  entries: number;
  /** Of all files together, unpacked. */
  bytes: number;
  /** Unpacked bytes per archive byte; images do not shrink, so a large ratio is a bomb. Asked from `RATIO_FROM` bytes on. */
  ratio: number;
}

export const RATIO = 100;
const RATIO_FROM = 16 * 2 ** 20;

/** Metadata that systems add to archives; not part of any benchmark. */
const isClutter = (name: string) => /(^|\/)(__MACOSX(\/|$)|\.DS_Store$|\._[^/]*$)/.test(name);

/** Decides over every entry of one archive before anything of it is written, and counts what is written. */
export class EntryRules {
  private readonly seen = new Map<string, { name: string; kind: "file" | "folder" }>();
  private entries = 0;
  private extensions = 0;
  private claimed = 0;
  private written = 0;

  constructor(
    private readonly archive: string,
    private readonly into: string,
    private readonly archiveBytes: number,
    private readonly limits: ArchiveLimits,
  ) {}

  /**
   * The path below the target folder that an entry gets; undefined for folders and clutter, which are not written.
   *
   * Throws: UnsafeArchiveError for names that are unsafe, occur twice, differ only in case, or are file and folder at once.
   */
  admit(rawName: string, kind: string): string | undefined {
    if (++this.entries > this.limits.entries)
      this.refuse(rawName, `the archive has more than ${this.limits.entries} entries`);
    const bare = rawName.replace(/^(\.\/)+/, "");
    const name = kind === "folder" ? bare.replace(/\/$/, "") : bare;
    if (kind === "folder" && (name === "" || name === ".")) return undefined;
    const problem = unsafeName(name);
    if (problem) this.refuse(rawName, problem);
    if (kind !== "file" && kind !== "folder")
      this.refuse(rawName, `it is ${kind}; only files and folders are unpacked`);
    if (isClutter(name)) return undefined;
    const inside = name === this.into || name.startsWith(`${this.into}/`) ? name : `${this.into}/${name}`;
    if (inside === this.into && kind === "file")
      this.refuse(rawName, "it is a file where the folder of images belongs");
    const segments = inside.split("/");
    for (let i = 1; i < segments.length; i++) this.register(rawName, segments.slice(0, i).join("/"), "folder");
    this.register(rawName, inside, kind as "file" | "folder");
    return kind === "file" ? inside : undefined;
  }

  /** The number of entries that the archive announces. */
  announce(entries: number): void {
    if (entries > this.limits.entries) this.refuse("", `the archive has more than ${this.limits.entries} entries`);
  }

  /** Headers that only describe other entries count as well: an archive of nothing else shall end, too. */
  announceExtension(rawName: string): void {
    if (++this.extensions > 2 * this.limits.entries) this.refuse(rawName, "the archive has too many headers");
  }

  /** Counts what a header says that its entry unpacks to, before a byte of it is unpacked. */
  claim(rawName: string, bytes: number): void {
    this.within(rawName, (this.claimed += bytes));
  }

  /** Counts what an entry really unpacks to. */
  grow(rawName: string, bytes: number): void {
    this.within(rawName, (this.written += bytes));
  }

  private within(rawName: string, total: number): void {
    if (total > this.limits.bytes) this.refuse(rawName, `the archive unpacks to more than ${this.limits.bytes} bytes`);
    if (total > RATIO_FROM && total > this.limits.ratio * this.archiveBytes)
      this.refuse(rawName, `the archive unpacks to more than ${this.limits.ratio} times its size`);
  }

  /** What a reader's own failure says of the archive; failures of the file system stay what they are. */
  damaged(rawName: string, error: unknown): never {
    if (error instanceof UserFacingError || (error as NodeJS.ErrnoException).syscall) throw error;
    return this.refuse(rawName, `the archive is damaged here (${(error as Error).message})`);
  }

  refuse(rawName: string, problem: string): never {
    const name = JSON.stringify(rawName.length > 80 ? `${rawName.slice(0, 79)}…` : rawName);
    const where = rawName === "" ? this.archive : `${this.archive}, entry ${name}`;
    throw new UnsafeArchiveError(`${where}: ${problem}. Nothing of this archive was put in place.`);
  }

  private register(rawName: string, name: string, kind: "file" | "folder"): void {
    const key = foldedName(name);
    const known = this.seen.get(key);
    if (known === undefined) return void this.seen.set(key, { name, kind });
    if (known.name !== name)
      this.refuse(rawName, `it differs from "${known.name}" only in case or in the spelling of accents`);
    if (known.kind !== kind) this.refuse(rawName, "it is a file and a folder at once");
    if (kind === "file") this.refuse(rawName, "it occurs twice");
  }
}
