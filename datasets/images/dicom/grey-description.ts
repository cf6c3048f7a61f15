import type { DataSet } from "dicom-parser";
import { type GreyWindow, isUsable, type WindowFunction } from "../window.ts";
import { coded, decimal, functionalGroup, item } from "./attributes.ts";
import { type LookupTable, lookupTable } from "./lookup-table.ts";
import type { PixelDescription } from "./pixel-description.ts";

/** From stored samples to grey levels: modality table or rescaling (PS3.3 C.11.1), then table or window of interest (C.11.2). */
export interface GreyDescription {
  slope: number;
  intercept: number;
  modalityTable?: LookupTable;
  interestTable?: LookupTable;
  windows: GreyWindow[];
  function: WindowFunction;
  /** Stored samples from `low` to `high` stand for "outside the image" (C.7.5.1.1.2). */
  padding?: { low: number; high: number };
}

export function greyDescription(root: DataSet, frame: number, pixels: PixelDescription): GreyDescription {
  const signed = pixels.kind === "signed";
  const rescale = functionalGroup(root, frame, "x00289145");
  const interest = functionalGroup(root, frame, "x00289132");
  const modality = item(root, "x00283000");
  const table = item(interest, "x00283010");
  const intercept = decimal(rescale, "x00281052") ?? 0;
  // Scanners that do not know the units write a slope of 0; it would make every pixel the same.
  const slope = decimal(rescale, "x00281053") || 1;
  const shape = functionOf(interest);
  return {
    slope,
    intercept,
    modalityTable: modality && lookupTable(modality, "x00283002", "x00283006", signed),
    interestTable: table && lookupTable(table, "x00283002", "x00283006", signed || intercept < 0),
    windows: windowsOf(interest, shape),
    function: shape,
    padding: paddingOf(root, signed),
  };
}

function functionOf(set: DataSet): WindowFunction {
  const name = coded(set, "x00281056");
  return name === "SIGMOID" ? "sigmoid" : name === "LINEAR_EXACT" ? "linear-exact" : "linear";
}

function windowsOf(set: DataSet, shape: WindowFunction): GreyWindow[] {
  const found: GreyWindow[] = [];
  for (let i = 0; ; i++) {
    const center = decimal(set, "x00281050", i);
    const width = decimal(set, "x00281051", i);
    if (center === undefined || width === undefined) return found;
    const window = { center, width, function: shape };
    if (isUsable(window)) found.push(window);
  }
}

function paddingOf(set: DataSet, signed: boolean): GreyDescription["padding"] {
  const read = (tag: "x00280120" | "x00280121") => (signed ? set.int16(tag) : set.uint16(tag));
  const one = read("x00280120");
  if (one === undefined) return undefined;
  const other = read("x00280121") ?? one;
  return { low: Math.min(one, other), high: Math.max(one, other) };
}
