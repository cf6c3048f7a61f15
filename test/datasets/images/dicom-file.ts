import { deflateRawSync } from "node:zlib";

// Writes small DICOM files (PS3.10) for tests, so that every pixel and every attribute is known.

type Value = string | number | number[] | Uint8Array | Attributes[];
/** Attributes by tag ("00280010"), each with its value representation. */
export type Attributes = Record<string, [vr: string, value: Value]>;

export interface DicomParts {
  /** Transfer syntax; default explicit little endian. */
  syntax?: string;
  attributes?: Attributes;
  /** Uncompressed pixel data, or the fragments of compressed ones with the offset table. */
  pixels?: Uint8Array | { fragments: Uint8Array[]; offsets?: number[] };
  vr?: "OB" | "OW";
}

export const IMPLICIT = "1.2.840.10008.1.2";
export const EXPLICIT = "1.2.840.10008.1.2.1";
export const DEFLATED = "1.2.840.10008.1.2.1.99";
export const BIG_ENDIAN = "1.2.840.10008.1.2.2";
export const JPEG = "1.2.840.10008.1.2.4.50";
export const JPEG_LOSSLESS = "1.2.840.10008.1.2.4.70";
export const JPEG_LS = "1.2.840.10008.1.2.4.80";
export const JPEG_2000 = "1.2.840.10008.1.2.4.90";
export const RLE = "1.2.840.10008.1.2.5";

/** The attributes that describe pixels, for a grey image of 16 bits; `more` replaces and adds. */
export function greyImage(columns: number, rows: number, more: Attributes = {}): Attributes {
  return {
    "00280002": ["US", 1],
    "00280004": ["CS", "MONOCHROME2"],
    "00280010": ["US", rows],
    "00280011": ["US", columns],
    "00280100": ["US", 16],
    "00280101": ["US", 16],
    "00280102": ["US", 15],
    "00280103": ["US", 0],
    ...more,
  };
}

export const eightBits: Attributes = { "00280100": ["US", 8], "00280101": ["US", 8], "00280102": ["US", 7] };

/** The same for colour of 8 bits. */
export const colourImage = (columns: number, rows: number, photometric: string, more: Attributes = {}): Attributes =>
  greyImage(columns, rows, {
    ...eightBits,
    "00280002": ["US", 3],
    "00280004": ["CS", photometric],
    "00280006": ["US", 0],
    ...more,
  });

export function dicomFile({ syntax = EXPLICIT, attributes = {}, pixels, vr = "OW" }: DicomParts): Buffer {
  const little = syntax !== BIG_ENDIAN;
  const body = encode(attributes, syntax !== IMPLICIT, little);
  const end = pixels ? pixelData(pixels, vr, syntax !== IMPLICIT, little) : Buffer.alloc(0);
  const set = Buffer.concat([body, end]);
  const meta = encode({ "00020010": ["UI", syntax] }, true, true);
  const length = encode({ "00020000": ["UL", meta.length] }, true, true);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    length,
    meta,
    syntax === DEFLATED ? deflateRawSync(set) : set,
  ]);
}

export function encode(attributes: Attributes, explicit: boolean, little: boolean): Buffer {
  const tags = Object.keys(attributes).sort();
  return Buffer.concat(tags.map((tag) => element(tag, ...attributes[tag], explicit, little)));
}

const number = (value: number, width: 2 | 4, little: boolean) => {
  const bytes = Buffer.alloc(width);
  const unsigned = value < 0 ? value + 2 ** (8 * width) : value;
  if (little) bytes.writeUIntLE(unsigned, 0, width);
  else bytes.writeUIntBE(unsigned, 0, width);
  return bytes;
};

const tagBytes = (tag: string, little: boolean) =>
  Buffer.concat([number(parseInt(tag.slice(0, 4), 16), 2, little), number(parseInt(tag.slice(4), 16), 2, little)]);

function element(tag: string, vr: string, value: Value, explicit: boolean, little: boolean): Buffer {
  const bytes = valueBytes(vr, value, explicit, little);
  return Buffer.concat([header(tag, vr, bytes.length, explicit, little), bytes]);
}

function header(tag: string, vr: string, length: number, explicit: boolean, little: boolean): Buffer {
  if (!explicit) return Buffer.concat([tagBytes(tag, little), number(length, 4, little)]);
  const long = ["OB", "OW", "OF", "OD", "SQ", "UN", "UT"].includes(vr);
  const size = long ? [Buffer.alloc(2), number(length, 4, little)] : [number(length, 2, little)];
  return Buffer.concat([tagBytes(tag, little), Buffer.from(vr), ...size]);
}

function valueBytes(vr: string, value: Value, explicit: boolean, little: boolean): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value === "string") return Buffer.from(value.length % 2 ? `${value}${vr === "UI" ? "\0" : " "}` : value);
  if (vr === "SQ")
    return Buffer.concat(
      (value as Attributes[]).map((set) => {
        const bytes = encode(set, explicit, little);
        return Buffer.concat([tagBytes("fffee000", little), number(bytes.length, 4, little), bytes]);
      }),
    );
  const width = vr === "UL" ? 4 : 2;
  return Buffer.concat([value as number | number[]].flat().map((one) => number(one, width, little)));
}

function pixelData(pixels: NonNullable<DicomParts["pixels"]>, vr: string, explicit: boolean, little: boolean): Buffer {
  if (pixels instanceof Uint8Array) return element("7fe00010", vr, pixels, explicit, little);
  const part = (bytes: Uint8Array) => {
    const even = bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes;
    return Buffer.concat([tagBytes("fffee000", true), number(even.length, 4, true), even]);
  };
  const table = Buffer.concat((pixels.offsets ?? []).map((offset) => number(offset, 4, true)));
  return Buffer.concat([
    header("7fe00010", "OB", 0xffffffff, true, true),
    part(table),
    ...pixels.fragments.map(part),
    tagBytes("fffee0dd", true),
    number(0, 4, true),
  ]);
}
