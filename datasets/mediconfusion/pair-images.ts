import { basename, dirname, extname, join, resolve } from "node:path";
import type { FoundFile } from "../benchmark-files.ts";
import { ImageRoots, type LocatedImage } from "../image-roots.ts";
import type { ReadOptions } from "../reading.ts";
import { LOCAL_FOLDERS, ROCO_FOLDERS } from "./layout.ts";

/** Finds the images of pairs, which lie by their number where the official fetcher was used and by their path in a copy of ROCO. */
export class PairImages {
  private constructor(
    private readonly byNumber: ImageRoots,
    private readonly byPath: ImageRoots,
  ) {}

  static async open(file: FoundFile, { folder, images }: Pick<ReadOptions, "folder" | "images">): Promise<PairImages> {
    const own = dirname(file.path);
    const given = resolve(folder) === file.path ? [] : [resolve(folder)];
    const starts =
      images === undefined ? [...given, ...(basename(own) === "data" ? [dirname(own)] : []), own] : [resolve(images)];
    const below = (folders: readonly string[]) => [
      ...new Set(starts.flatMap((start) => folders.map((name) => join(start, name)))),
    ];
    const local = images === undefined ? LOCAL_FOLDERS : ["", ...LOCAL_FOLDERS];
    return new PairImages(await ImageRoots.open(below(local)), await ImageRoots.open(below(ROCO_FOLDERS)));
  }

  /** The image's id is its path in ROCO, wherever it was found. A missing one is looked for by its number first. */
  async locate(path: string, local: number): Promise<LocatedImage> {
    const byPath = await this.byPath.locate(path);
    if ("problem" in byPath || !byPath.missing) return byPath;
    let first: LocatedImage | undefined;
    for (const extension of new Set([extname(path) || ".jpg", ".jpg", ".png"])) {
      const found = await this.byNumber.locate(`${local}${extension}`);
      first ??= found;
      if ("problem" in found) return found;
      if (!found.missing) return { image: { id: byPath.image.id, path: found.image.path }, missing: false };
    }
    return first && "image" in first
      ? { image: { id: byPath.image.id, path: first.image.path }, missing: true }
      : byPath;
  }
}
