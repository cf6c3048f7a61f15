import { readFile, stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { bindExternalData } from "./bind-external.ts";
import { OnnxFormatError } from "./format-error.ts";
import { type OnnxModel, readModel } from "./graph.ts";

/** Length fields of the format are signed 32-bit: a longer graph file cannot be valid. */
const LARGEST_GRAPH = 2 ** 31 - 1;

/**
 * Reads a model from its file. Weights inside the file are views of its bytes; weights in data files beside it, of any size, stay on
 * the disk until `tensorOf` asks for one.
 *
 * `allowMissingWeights` reads a graph whose data files are absent (to look at it); asking for such a weight throws then.
 * Throws: OnnxFormatError for a damaged file; ExternalDataError for data files that are missing, short or outside the folder.
 */
export async function readModelFile(
  path: string,
  { allowMissingWeights = false }: { allowMissingWeights?: boolean } = {},
): Promise<OnnxModel> {
  const where = relative(process.cwd(), path) || path;
  let bytes: Uint8Array;
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new Error("it is not a file");
    if (stats.size > LARGEST_GRAPH)
      throw new OnnxFormatError(where, `the file has ${stats.size} bytes and the format's limit is 2 GB`, {
        action: "Export the model with its weights as external data",
      });
    // Copied out of Node's Buffer, whose pool other reads may share: the graph keeps views of these bytes.
    const buffer = await readFile(path);
    bytes = buffer.byteLength === buffer.buffer.byteLength ? new Uint8Array(buffer.buffer) : new Uint8Array(buffer);
  } catch (cause) {
    if (cause instanceof OnnxFormatError) throw cause;
    throw new OnnxFormatError(where, `the file cannot be read (${(cause as NodeJS.ErrnoException).code ?? cause})`, {
      cause,
      action: "Check the path",
    });
  }
  const model = readModel(bytes, where);
  const file = resolve(path);
  bindExternalData(model, where, { folder: dirname(file), file, allowMissing: allowMissingWeights });
  return model;
}
