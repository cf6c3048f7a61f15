import { UserFacingError } from "../../errors.ts";
import { duplicateKey } from "./duplicate-key.ts";
import { type ElementCode, ELEMENT_TYPES } from "./element-types.ts";
import { shownValue as shown } from "./shown-value.ts";

/** Cause: a file is no safetensors file, or a damaged or hostile one. Handled by: the user, who makes or fetches it again. */
export class SafetensorsError extends UserFacingError {}

/** A tensor's place: bytes [begin, end) after the header. */
export interface TensorPlace {
  dtype: ElementCode;
  shape: readonly number[];
  begin: number;
  end: number;
}

export interface SafetensorsHeader {
  metadata: Readonly<Record<string, string>>;
  /** In the order in which they lie in the file; together they are all of it. */
  tensors: ReadonlyMap<string, TensorPlace>;
}

/** Bytes of the longest header that is read; the largest known of real models are a few megabytes. */
export const LONGEST_HEADER = 25_000_000;

/**
 * Reads a header and checks all that it claims against the `dataBytes` that follow it, so that nothing is allocated on its word alone.
 *
 * Stricter than the format: tensors must fill the data without gap or overlap, and no name may occur twice in an object.
 * Throws: SafetensorsError. Source: the format's description in the safetensors repository.
 */
export function parseHeader(header: Uint8Array, dataBytes: number): SafetensorsHeader {
  const parsed = readJson(header);
  const { __metadata__: metadata = {}, ...entries } = asObject(parsed, "the header");
  for (const [name, value] of Object.entries(asObject(metadata, "the metadata")))
    if (typeof value !== "string") throw new SafetensorsError(`metadata ${shown(name)} is no text`);
  const places = Object.entries(entries).map(([name, entry]) => [name, place(name, entry, dataBytes)] as const);
  places.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let filled = 0;
  for (const [name, { begin, end }] of places) {
    if (begin !== filled)
      throw new SafetensorsError(
        `tensor ${shown(name)} begins at byte ${begin}, ${begin < filled ? "inside the one before it, which ends" : "and the one before it ends"} at ${filled}`,
      );
    filled = end;
  }
  if (filled !== dataBytes) throw new SafetensorsError(`${dataBytes - filled} bytes at its end belong to no tensor`);
  return { metadata: metadata as Record<string, string>, tensors: new Map(places) };
}

function readJson(header: Uint8Array): unknown {
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(header);
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new SafetensorsError("its header is no JSON", { cause });
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new SafetensorsError(`its header has the name ${shown(twice)} twice`);
  return parsed;
}

function place(name: string, value: unknown, dataBytes: number): TensorPlace {
  const at = `tensor ${shown(name)}`;
  const { dtype, shape, data_offsets: offsets } = asObject(value, at);
  if (typeof dtype !== "string" || !Object.hasOwn(ELEMENT_TYPES, dtype))
    throw new SafetensorsError(`${at}: type ${shown(dtype)} is none that medke reads`);
  if (!isCounts(shape)) throw new SafetensorsError(`${at}: shape ${shown(shape)} is no list of sizes`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1] || offsets[1] > dataBytes)
    throw new SafetensorsError(`${at}: bytes ${shown(offsets)} do not lie in the ${dataBytes} bytes of data`);
  const code = dtype as ElementCode;
  const bytes = shape.reduce((product, size) => product * size, ELEMENT_TYPES[code].bytes);
  const [begin, end] = offsets;
  if (bytes !== end - begin)
    throw new SafetensorsError(`${at}: ${code} [${shape}] takes ${bytes} bytes, the file has ${end - begin} for it`);
  return { dtype: code, shape, begin, end };
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new SafetensorsError(`${what} is no object`);
}

const MOST_AXES = 16;
const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.length <= MOST_AXES && value.every((each) => Number.isSafeInteger(each) && each >= 0);
