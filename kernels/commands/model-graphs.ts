import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { UserFacingError } from "../errors.ts";
import { EMBEDDED_MODELS } from "../models/embedded-models.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import { inlineFunctions } from "../onnx/inline-functions.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import { resolveIf } from "../onnx/resolve-if.ts";
import { declared } from "../onnx/values.ts";

/** Cause: a path holds no ONNX graph. Handled by: the user, who corrects the path. */
export class NoGraphError extends UserFacingError {}

const DEEPEST = 3;

/**
 * The .onnx files of a model: the file itself, or those in a folder and the folders in it, in order of their names.
 *
 * Throws: NoGraphError.
 */
export function graphFiles(path: string): string[] {
  if (!existsSync(path))
    throw new NoGraphError(
      `model "${path}": there is no such file or folder. Give a model folder, an .onnx file, or a model that comes with medke (${EMBEDDED_MODELS.join(", ")}).`,
    );
  if (!statSync(path).isDirectory()) return [path];
  const files = inFolder(path, DEEPEST);
  if (files.length === 0)
    throw new NoGraphError(`model folder "${path}": it holds no .onnx file. Export the model to ONNX first.`);
  return files.sort();
}

const inFolder = (folder: string, depth: number): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 1 ? inFolder(path, depth - 1) : [];
    return entry.isFile() && entry.name.endsWith(".onnx") ? [path] : [];
  });

/** Name of a graph in a report: its path below what the user gave. */
export const graphName = (file: string, given: string) => relative(given, file) || file;

/**
 * Reads a graph in the form that sites and gradients are found in: functions inlined, and of a decoder that holds both a branch with
 * and one without a cache the latter.
 *
 * Throws: OnnxFormatError, ExternalDataError.
 */
export async function openGraph(file: string, options: { allowMissingWeights?: boolean } = {}): Promise<OnnxModel> {
  const model = inlineFunctions(await readModelFile(file, options), file);
  if (!model.graph.node.some((node) => node.opType === "If")) return model;
  const switches = model.graph.input.filter((input) => declared(input).type === "bool");
  return resolveIf(model, Object.fromEntries(switches.map((input) => [input.name, false])));
}
