import { basename, join, normalize, resolve } from "node:path";
import type { ImageRef } from "./case.ts";
import { ImageFolder, type ImageProblem, referenceProblem } from "./image-path.ts";

/** Where a reference leads: to an image, to the place where its file is missing, or nowhere that it may lead. */
export type LocatedImage = { image: ImageRef; missing: boolean } | { problem: ImageProblem };

const MISSING = "the image file is missing";

/**
 * Resolves image references below the first of several folders that has the file: copies of a benchmark differ in whether references
 * start from its folder or from a folder of images in it.
 */
export class ImageRoots {
  private constructor(
    private readonly first: string,
    private readonly folders: readonly { name: string; folder: ImageFolder }[],
  ) {}

  /** The usual folder first. None needs to exist. */
  static async open(folders: readonly string[]): Promise<ImageRoots> {
    const open = async (path: string) => ({ name: basename(resolve(path)), folder: await ImageFolder.open(path) });
    return new ImageRoots(resolve(folders[0]), await Promise.all(folders.map(open)));
  }

  /** A missing file comes with the place where it is looked for first, so that opening it says what is missing. */
  async locate(reference: unknown): Promise<LocatedImage> {
    const refused = referenceProblem(reference);
    if (refused) return { problem: refused };
    const id = (reference as string).replaceAll("\\", "/").replace(/^(\.\/)+/, "");
    let problem: ImageProblem = MISSING;
    for (const { name, folder } of this.folders) {
      // The folder of images itself may have been named, and references begin with its name.
      const tries = id.startsWith(`${name}/`) ? [id, id.slice(name.length + 1)] : [id];
      for (const below of tries) {
        const found = await folder.resolve(below);
        if ("image" in found) return { image: { id, path: found.image.path }, missing: false };
        if (found.problem !== MISSING) problem = found.problem;
      }
    }
    if (problem !== MISSING) return { problem };
    return { image: { id, path: join(this.first, normalize(id)) }, missing: true };
  }
}
