import { constants } from "node:fs";
import { type FileHandle, lstat, open, readFile, rename, rm, writeFile } from "node:fs/promises";

/** What a resumed download must still find at its address. */
export interface PartOrigin {
  url: string;
  /** Strong entity tag or date of the answer that began the file. */
  etag?: string;
  modified?: string;
  /** Length of the whole file. */
  total?: number;
}

/** Where a file grows until it is complete and verified: `NAME.part`, with its origin beside it in `NAME.part.json`. */
export class PartFile {
  readonly path: string;
  private readonly note: string;
  private handle: FileHandle | undefined;
  /** Bytes that are there. */
  length = 0;
  origin: PartOrigin | undefined;

  private constructor(private readonly final: string) {
    this.path = `${final}.part`;
    this.note = `${final}.part.json`;
  }

  /** Takes up what an earlier download of the same address left; anything else under these names is removed. */
  static async open(final: string, url: string): Promise<PartFile> {
    const part = new PartFile(final);
    const origin = await readOrigin(part.note);
    const found = await lstat(part.path).catch(() => undefined);
    // A link, also a hard one, would write into a file that is somewhere else.
    if (origin?.url === url && found?.isFile() && found.nlink === 1) {
      part.origin = origin;
      part.length = found.size;
    } else await part.discard();
    return part;
  }

  /** Begins at zero, from an answer that is described by `origin`. */
  async restart(origin: PartOrigin): Promise<void> {
    await this.discard();
    await writeFile(this.note, JSON.stringify(origin), { flag: "wx" });
    this.handle = await open(this.path, "wx");
    this.origin = origin;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.handle ??= await open(this.path, constants.O_WRONLY | constants.O_APPEND | (constants.O_NOFOLLOW ?? 0));
    await this.handle.writeFile(bytes);
    this.length += bytes.length;
  }

  /** Brings what was received to the disk. */
  async close(): Promise<void> {
    const handle = this.handle;
    this.handle = undefined;
    await handle?.sync();
    await handle?.close();
  }

  /** Gives the complete file its name. */
  async finish(): Promise<void> {
    await this.close();
    await rename(this.path, this.final);
    await rm(this.note, { force: true });
  }

  async discard(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true, recursive: true });
    await rm(this.note, { force: true, recursive: true });
    this.length = 0;
    this.origin = undefined;
  }
}

async function readOrigin(file: string): Promise<PartOrigin | undefined> {
  try {
    if (!(await lstat(file)).isFile()) return undefined;
    const { url, etag, modified, total } = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    if (typeof url !== "string") return undefined;
    return {
      url,
      ...(typeof etag === "string" && { etag }),
      ...(typeof modified === "string" && { modified }),
      ...(typeof total === "number" && { total }),
    };
  } catch {
    return undefined;
  }
}
