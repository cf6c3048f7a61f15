import { join, normalize, resolve } from "node:path";
import type { ImageRef } from "./case.ts";
import { ImageFolder, type ImageProblem } from "./image-path.ts";

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
    private readonly folders: readonly ImageFolder[],
  ) {}

  /** The usual folder first. None needs to exist. */
  static async open(folders: readonly string[]): Promise<ImageRoots> {
    return new ImageRoots(resolve(folders[0]), await Promise.all(folders.map((folder) => ImageFolder.open(folder))));
  }

  /** A missing file comes with the place where it is looked for first, so that opening it says what is missing. */
  async locate(reference: unknown): Promise<LocatedImage> {
    let problem: ImageProblem = MISSING;
    for (const folder of this.folders) {
      const found = await folder.resolve(reference);
      if ("image" in found) return { image: found.image, missing: false };
      if (found.problem !== MISSING) problem = found.problem;
    }
    if (problem !== MISSING) return { problem };
    const id = (reference as string).replaceAll("\\", "/").replace(/^(\.\/)+/, "");
    return { image: { id, path: join(this.first, normalize(id)) }, missing: true };
  }
}
