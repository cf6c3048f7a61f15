import type { TensorProto } from "onnx-buf";
import { elementCount } from "./element-count.ts";
import { byteLength } from "./element-type.ts";
import { shapeText } from "./shape-text.ts";

/** What a file says of an external weight, read and checked without touching a disk. */
export interface ExternalLocation {
  /** Path below the model's folder, with forward slashes. */
  path: string;
  offset: number;
  length: number;
}

/**
 * Reads where an external weight lies. The text comes from the file and may be anything: paths that leave the folder, sizes that
 * contradict the shape and numbers that overflow are problems, not values.
 */
export function externalLocation(tensor: TensorProto): ExternalLocation | { problem: string } {
  const entries = new Map(tensor.externalData.map(({ key, value }) => [key, value]));
  if (entries.size !== tensor.externalData.length) return { problem: "names its place in another file twice" };
  const path = entries.get("location");
  if (!path) return { problem: "lies in another file that is not named" };
  const escape = pathProblem(path);
  if (escape) return { problem: `lies in "${path}", ${escape}` };
  const elements = elementCount(tensor.dims);
  if (elements === undefined)
    return { problem: `has the shape ${shapeText(tensor.dims)}, which no memory can hold or is negative` };
  const offset = byteCount(entries.get("offset") ?? "0");
  if (offset === undefined) return { problem: `starts at byte "${entries.get("offset")}" of "${path}"` };
  const expected = byteLength(tensor.dataType, elements);
  const given = entries.get("length");
  const length = given === undefined ? expected : byteCount(given);
  if (length === undefined) return { problem: `takes "${given ?? "an unknown number of"}" bytes of "${path}"` };
  if (expected !== undefined && length !== expected)
    return {
      problem: `takes ${length} bytes of "${path}", its shape ${shapeText(tensor.dims)} asks for ${expected}`,
    };
  return { path: path.replace(/^(\.\/)+/, ""), offset, length };
}

/** Absolute paths, drive letters, backslashes and steps upwards have no place in a model folder, on any platform. */
function pathProblem(path: string): string | undefined {
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "an absolute path";
  if (path.includes("\\")) return "a path with a backslash";
  if (path.includes("\0")) return "a path with a zero byte";
  if (path.split("/").includes("..")) return "a path that leaves the model's folder";
  return undefined;
}

const byteCount = (text: string) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined);
