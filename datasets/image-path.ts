import { realpath, stat } from "node:fs/promises";
import { join, normalize, resolve, sep } from "node:path";
import type { ImageRef } from "./case.ts";

/** Why an image reference of a record leads to no file that may be read. */
export const IMAGE_PROBLEMS = [
  "the reference is not a string",
  "the reference is empty",
  "the reference holds a control character",
  "the reference is an absolute path",
  "the reference leaves the image folder",
  "the image file is missing",
  "the reference is no file",
  "a link leaves the image folder",
] as const;
export type ImageProblem = (typeof IMAGE_PROBLEMS)[number];

export type ResolvedImage = { image: ImageRef } | { problem: ImageProblem };

/**
 * What is wrong with a relative image reference as text; undefined where nothing is. A backslash counts as a separator: files written
 * on Windows have them, and a name that holds one is never harmless there.
 */
export function referenceProblem(reference: unknown): ImageProblem | undefined {
  if (typeof reference !== "string") return "the reference is not a string";
  if (reference.trim() === "") return "the reference is empty";
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(reference)) return "the reference holds a control character";
  if (/^[/\\]|^[a-z]:|^[a-z][a-z\d+.-]*:\/\//i.test(reference)) return "the reference is an absolute path";
  if (reference.split(/[/\\]/).includes("..")) return "the reference leaves the image folder";
  return undefined;
}

/** Resolves the image references of a benchmark below one folder, following no link out of it. */
export class ImageFolder {
  private constructor(
    private readonly root: string,
    /** The root without links, with a separator at its end. */
    private readonly inside: string,
  ) {}

  /** Where the folder does not exist, every reference is one to a missing file. */
  static async open(folder: string): Promise<ImageFolder> {
    const root = resolve(folder);
    const real = await realpath(root).catch(() => root);
    return new ImageFolder(root, real.endsWith(sep) ? real : real + sep);
  }

  /** The image of a reference, its id the reference itself with forward slashes; or why there is none. */
  async resolve(reference: unknown): Promise<ResolvedImage> {
    const problem = referenceProblem(reference);
    if (problem) return { problem };
    const id = (reference as string).replaceAll("\\", "/").replace(/^(\.\/)+/, "");
    const path = join(this.root, normalize(id));
    try {
      if (!(await realpath(path)).startsWith(this.inside)) return { problem: "a link leaves the image folder" };
      if (!(await stat(path)).isFile()) return { problem: "the reference is no file" };
    } catch {
      return { problem: "the image file is missing" };
    }
    return { image: { id, path } };
  }
}
