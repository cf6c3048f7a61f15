import { dirname, isAbsolute, relative, sep } from "node:path";
import { create } from "@bufbuild/protobuf";
import { StringStringEntryProtoSchema } from "onnx-buf";
import type { TensorProto } from "onnx-buf";
import { everyTensor } from "./every-tensor.ts";
import { bindExternal, ExternalDataError, externalRange, isExternal } from "./external-data.ts";
import { type OnnxModel, shallowCopy, writeModel } from "./graph.ts";
import { mapTensors } from "./map-tensors.ts";

/** A graph file's bytes and, where weights lie outside it, the folder that their locations count from. */
export interface SessionSource {
  bytes: Uint8Array;
  folder?: string;
  /** Bytes that packed copies of the weights in `folder` take, where the session shall have its own. */
  packed?: number;
}

/**
 * What an engine needs to run a rewritten model: the graph alone, whose untouched weights still lie in the original data files.
 *
 * Locations are written anew from the files' real places, below their deepest common folder: ONNX Runtime refuses absolute paths,
 * steps upwards and links that leave the folder.
 * Throws: ExternalDataError for a weight without a known file (a model read without its folder).
 */
export function sessionSource(model: OnnxModel): SessionSource {
  const folder = commonFolder(model);
  return folder === undefined ? { bytes: writeModel(model) } : { bytes: writeModel(relocated(model, folder)), folder };
}

/**
 * The data files that a model's weights lie in, in order of their first use.
 *
 * Throws: ExternalDataError for a weight without a known file.
 */
export function dataFiles(model: OnnxModel): string[] {
  const files = new Set<string>();
  for (const tensor of everyTensor(model)) {
    if (!isExternal(tensor)) continue;
    const range = externalRange(tensor);
    if (!range)
      throw new ExternalDataError(`weight "${tensor.name}"`, "it lies in a data file that was not found", {
        action: "Read the model from its folder, with its data files beside it",
      });
    files.add(range.file);
  }
  return [...files];
}

/** The deepest folder that holds every data file; undefined when there is none. */
export function commonFolder(model: OnnxModel): string | undefined {
  const files = dataFiles(model);
  if (files.length === 0) return undefined;
  const parts = files.map((file) => dirname(file).split(sep));
  const shared = parts[0].findIndex((part, i) => parts.some((other) => other[i] !== part));
  return (shared < 0 ? parts[0] : parts[0].slice(0, shared)).join(sep) || sep;
}

/** The same model, its external weights named by their place below `folder`. */
export function relocated(model: OnnxModel, folder: string): OnnxModel {
  return mapTensors(model, (tensor) => {
    const range = isExternal(tensor) ? externalRange(tensor) : undefined;
    if (!range) return tensor;
    const way = relative(folder, range.file);
    if (isAbsolute(way) || way.startsWith(".."))
      throw new ExternalDataError(range.file, `it does not lie below "${folder}"`, {
        action: "Write the model into the folder of its data files",
      });
    return externalTensor(tensor, way.split(sep).join("/"), range);
  });
}

/** A weight whose bytes lie at `range`, under the name `location`. */
export function externalTensor(
  tensor: TensorProto,
  location: string,
  range: { file: string; offset: number; length: number },
): TensorProto {
  const entries = { location, offset: String(range.offset), length: String(range.length) };
  const copy = shallowCopy(tensor, {
    dataLocation: 1,
    rawData: new Uint8Array(0),
    externalData: Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
  });
  bindExternal(copy, range);
  return copy;
}
