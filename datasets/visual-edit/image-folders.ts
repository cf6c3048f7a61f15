import { basename, dirname, join, resolve } from "node:path";
import type { FileLayout, FoundFile } from "../benchmark-files.ts";
import { ImageRoots } from "../image-roots.ts";
import type { ReadOptions } from "../reading.ts";

/**
 * Where the references of a file may start: the root that the user names, or else the folder that the user gave, the file's own, the one
 * above it where the file lies in a folder of the layout such as "data", and in each of them the folders of `below` ("" for itself).
 */
export function imageRoots(
  { folders }: FileLayout,
  file: FoundFile,
  { folder, images }: Pick<ReadOptions, "folder" | "images">,
  below: readonly string[],
): Promise<ImageRoots> {
  const own = dirname(file.path);
  const known = folders.some((name) => name !== "" && basename(name) === basename(own));
  const given = resolve(folder) === file.path ? [] : [resolve(folder)];
  const starts = images === undefined ? [...given, ...(known ? [dirname(own)] : []), own] : [resolve(images)];
  const roots = starts.flatMap((start) => below.map((name) => join(start, name)));
  return ImageRoots.open([...new Set(roots)]);
}
