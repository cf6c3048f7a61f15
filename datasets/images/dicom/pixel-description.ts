import type { DataSet } from "dicom-parser";
import { ImageFault } from "../image-fault.ts";
import { requireSize } from "../image-size.ts";
import { coded, decimal } from "./attributes.ts";

const PHOTOMETRIC = [
  "MONOCHROME1",
  "MONOCHROME2",
  "PALETTE COLOR",
  "RGB",
  "YBR_FULL",
  "YBR_FULL_422",
  "YBR_PARTIAL_422",
  "YBR_PARTIAL_420",
  "YBR_ICT",
  "YBR_RCT",
] as const;
export type Photometric = (typeof PHOTOMETRIC)[number];

/** How samples are laid out: DICOM PS3.3 C.7.6.3.1. Units: bits and pixels. */
export interface PixelDescription {
  rows: number;
  columns: number;
  frames: number;
  samplesPerPixel: 1 | 3;
  photometric: Photometric;
  /** Whether the samples of a colour follow one another plane by plane. */
  planar: boolean;
  bitsAllocated: 1 | 8 | 16 | 32 | 64;
  bitsStored: number;
  highBit: number;
  kind: "unsigned" | "signed" | "float";
}

/** Throws: ImageFault for a description that contradicts itself or is not supported. */
export function pixelDescription(set: DataSet, kind: "integer" | "float"): PixelDescription {
  const rows = set.uint16("x00280010") ?? 0;
  const columns = set.uint16("x00280011") ?? 0;
  requireSize(columns, rows);
  const photometric = coded(set, "x00280004");
  const known = PHOTOMETRIC.find((name) => name === photometric);
  if (!known)
    throw new ImageFault(
      photometric
        ? `its photometric interpretation is none of ${PHOTOMETRIC.join(", ")}`
        : "it states no photometric interpretation",
    );
  const grey = known.startsWith("MONO") || known === "PALETTE COLOR";
  const samplesPerPixel = set.uint16("x00280002") ?? (grey ? 1 : 3);
  if (samplesPerPixel !== (grey ? 1 : 3)) throw new ImageFault(`${known} with ${samplesPerPixel} samples per pixel`);
  const bitsAllocated = set.uint16("x00280100") ?? 0;
  if (![1, 8, 16, 32, 64].includes(bitsAllocated) || (bitsAllocated === 64 && kind !== "float"))
    throw new ImageFault(`${bitsAllocated} bits allocated per sample`);
  const bitsStored = set.uint16("x00280101") ?? bitsAllocated;
  const highBit = set.uint16("x00280102") ?? bitsStored - 1;
  if (kind === "integer" && (bitsStored < 1 || highBit >= bitsAllocated || highBit + 1 < bitsStored))
    throw new ImageFault(`${bitsStored} bits stored up to bit ${highBit} of ${bitsAllocated} bits allocated`);
  if (!grey && bitsAllocated > 16) throw new ImageFault(`${known} with ${bitsAllocated} bits allocated per sample`);
  const frames = decimal(set, "x00280008") ?? 1;
  if (!Number.isInteger(frames) || frames < 1) throw new ImageFault(`it says that it has ${frames} frames`);
  return {
    rows,
    columns,
    frames,
    samplesPerPixel: grey ? 1 : 3,
    photometric: known,
    planar: !grey && set.uint16("x00280006") === 1,
    bitsAllocated: bitsAllocated as PixelDescription["bitsAllocated"],
    bitsStored,
    highBit,
    kind: kind === "float" ? "float" : set.uint16("x00280103") === 1 ? "signed" : "unsigned",
  };
}
