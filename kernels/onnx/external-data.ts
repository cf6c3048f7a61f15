import { closeSync, constants, openSync, readSync } from "node:fs";
import { TensorProto_DataLocation } from "onnx-buf";
import type { TensorProto } from "onnx-buf";
import { OnnxFormatError } from "./format-error.ts";

/** Cause: a weight's data file is missing, too short, or not inside the model's folder. Handled by: the user, who completes the folder. */
export class ExternalDataError extends OnnxFormatError {}

/** Where the bytes of an external weight lie: absolute path of the file with links resolved, and the range inside it. */
export interface ExternalRange {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

// A property of the message and not a map beside it: copies of the message (a renamed weight) keep pointing at their bytes.
const RANGE = Symbol("medke.externalRange");

export const isExternal = (tensor: TensorProto): boolean => tensor.dataLocation === TensorProto_DataLocation.EXTERNAL;

/** The range that a weight was bound to when its model was read from a folder; undefined for weights inside the graph file. */
export const externalRange = (tensor: TensorProto): ExternalRange | undefined =>
  (tensor as { [RANGE]?: ExternalRange })[RANGE];

/** Remembers where the bytes of an external weight lie. Called by whoever checked that range. */
export const bindExternal = (tensor: TensorProto, range: ExternalRange): void => {
  (tensor as { [RANGE]?: ExternalRange })[RANGE] = range;
};

/**
 * Reads the bytes of one external weight, and nothing else of its file.
 *
 * Throws: ExternalDataError when the file has become shorter or unreadable since the model was read.
 */
export function readExternal({ file, offset, length }: ExternalRange, weight: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  try {
    // The path was resolved when the model was read: a link there now was put in its place since.
    const handle = openSync(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    try {
      for (let done = 0; done < length;) {
        const read = readSync(handle, bytes, done, Math.min(length - done, LARGEST_READ), offset + done);
        if (read === 0) throw new Error(`the file ends ${length - done} bytes early`);
        done += read;
      }
    } finally {
      closeSync(handle);
    }
  } catch (cause) {
    throw new ExternalDataError(file, `weight "${weight}" cannot be read (${(cause as Error).message})`, { cause });
  }
  return bytes;
}

/** Linux reads at most 2 GB less one page at once. */
const LARGEST_READ = 1 << 30;
