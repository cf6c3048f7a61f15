import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { realpathSync } from "node:fs";
import { type OnnxModel, writeModel } from "./graph.ts";
import { commonFolder, relocated } from "./session-source.ts";

/**
 * Writes a model's graph file. External weights are not copied: the file refers to the data files that it was read from, so it must
 * lie in their folder or above.
 *
 * Throws: ExternalDataError when a data file does not lie below the folder of `path`.
 */
export async function writeModelFile(model: OnnxModel, path: string): Promise<void> {
  const file = resolve(path);
  await mkdir(dirname(file), { recursive: true });
  const bytes = writeModel(commonFolder(model) === undefined ? model : relocated(model, realpathSync(dirname(file))));
  // Written beside and renamed: a reader never sees half a file, and views of an older file's bytes stay what they were.
  const draft = `${file}.${process.pid}.partial`;
  await writeFile(draft, bytes);
  await rename(draft, file);
}
