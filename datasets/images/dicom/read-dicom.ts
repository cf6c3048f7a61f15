import { constants, inflateRawSync } from "node:zlib";
import dicomParser, { type DataSet } from "dicom-parser";
import { ImageFault } from "../image-fault.ts";
import { MAX_FILE_BYTES, requireIndex } from "../image-size.ts";
import { coded, decimal, functionalGroup } from "./attributes.ts";
import { encapsulatedFrame, nativeFrame } from "./frame-bytes.ts";
import { type GreyDescription, greyDescription } from "./grey-description.ts";
import { type LookupTable, lookupTable } from "./lookup-table.ts";
import { type PixelDescription, pixelDescription } from "./pixel-description.ts";
import { BIG_ENDIAN, type TransferSyntax, transferSyntax } from "./transfer-syntax.ts";

/** All that leaves the reader: one frame and how to show it. Attributes are picked one by one; none of them describes a patient. */
export interface DicomFrame {
  syntax: TransferSyntax;
  littleEndian: boolean;
  /** Whether 8-bit samples stand in 16-bit words, whose bytes a big-endian file swaps. */
  words: boolean;
  pixels: PixelDescription;
  /** The frame as it is stored. */
  bytes: Uint8Array;
  /** Of one-bit pixels, which need not begin with a byte. */
  bitOffset: number;
  grey?: GreyDescription;
  palette?: [red: LookupTable, green: LookupTable, blue: LookupTable];
  spacing?: [row: number, column: number];
  notes: string[];
}

/** Reads one frame of a DICOM file (PS3.10). Throws: ImageFault, or what the parser throws, stripped of what it had read. */
export function readDicom(file: Uint8Array, frame: number | undefined): DicomFrame {
  const uid = parsed(() => dicomParser.readPart10Header(file).string("x00020010")) ?? "";
  const syntax = transferSyntax(uid);
  const set = parsed(() => dicomParser.parseDicom(file, { inflater: inflate }));
  const float = set.elements.x7fe00008 ?? set.elements.x7fe00009;
  const element = set.elements.x7fe00010 ?? float;
  if (!element)
    throw new ImageFault("it holds no pixel data", "Choose a file with an image: reports and structures have none.");
  const pixels = pixelDescription(set, element === float ? "float" : "integer");
  const index = requireIndex("frame", frame, pixels.frames);
  const native =
    syntax.codec === "none"
      ? nativeFrame(set, element, pixels, index)
      : { bytes: encapsulatedFrame(set, element, pixels.frames, index), bitOffset: 0 };
  return {
    syntax,
    littleEndian: uid !== BIG_ENDIAN,
    words: element.vr === "OW",
    pixels,
    ...native,
    grey: pixels.photometric.startsWith("MONO") ? greyDescription(set, index, pixels) : undefined,
    palette: pixels.photometric === "PALETTE COLOR" ? paletteOf(set, pixels.kind === "signed") : undefined,
    spacing: spacingOf(set, index),
    notes:
      coded(set, "x00280301") === "YES"
        ? ["The file says that text is burned into its pixels: it may name a patient."]
        : [],
  };
}

/** dicom-parser throws strings, and objects that carry all attributes it has read: names of patients among them. */
function parsed<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const inner = (cause as { exception?: unknown } | undefined)?.exception ?? cause;
    if (inner instanceof RangeError && /call stack/.test(inner.message))
      throw new ImageFault("its sequences are nested too deeply");
    throw new ImageFault(`not a whole DICOM file: ${inner instanceof Error ? inner.message : String(inner)}`);
  }
}

/** The deflated part follows the file's own header; it may be cut, which later steps see, but not grow without bound. */
function inflate(file: Uint8Array, position: number): Uint8Array {
  return new Uint8Array(
    inflateRawSync(file.subarray(position), { maxOutputLength: MAX_FILE_BYTES, finishFlush: constants.Z_SYNC_FLUSH }),
  );
}

function paletteOf(set: DataSet, signed: boolean): DicomFrame["palette"] {
  if (set.elements.x00281221)
    throw new ImageFault(
      "its palette is stored in segments, which are not read",
      "Convert the file to RGB, or leave this image out.",
    );
  return [
    lookupTable(set, "x00281101", "x00281201", signed),
    lookupTable(set, "x00281102", "x00281202", signed),
    lookupTable(set, "x00281103", "x00281203", signed),
  ];
}

function spacingOf(set: DataSet, frame: number): DicomFrame["spacing"] {
  const measures = functionalGroup(set, frame, "x00289110");
  const tag = measures.elements.x00280030 ? "x00280030" : "x00181164";
  const [row, column] = [decimal(measures, tag, 0), decimal(measures, tag, 1)];
  return row && column && row > 0 && column > 0 ? [row, column] : undefined;
}
