import { readFile } from "node:fs/promises";
import { sortedObject, writeJsonWhole } from "./write-whole.ts";

/** What stands in `licences.json` about one image. */
export interface FigureLicence {
  article: string;
  version: number;
  figure: string;
  /** As the article's metadata state it, such as "CC BY-NC"; "unknown" where they do not. */
  licence: string;
  citation?: string;
  doi?: string;
  /** Address of the image. */
  from: string;
}

/** The licences of images, by file name, in `licences.json` beside them. */
export class LicenceFile {
  static readonly FILE = "licences.json";

  private constructor(
    private readonly path: string,
    private readonly entries: Map<string, FigureLicence>,
  ) {}

  /** A file that is missing or damaged is begun anew: every image without an entry is asked for again. */
  static async open(path: string): Promise<LicenceFile> {
    const stored = await readFile(path, "utf8")
      .then((text) => Object.entries(JSON.parse(text) as Record<string, FigureLicence>))
      .catch(() => []);
    return new LicenceFile(path, new Map(stored));
  }

  has(file: string): boolean {
    return this.entries.has(file);
  }

  async add(file: string, entry: FigureLicence): Promise<void> {
    this.entries.set(file, entry);
    await writeJsonWhole(this.path, sortedObject(this.entries));
  }
}
