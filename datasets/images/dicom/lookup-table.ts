import type { DataSet } from "dicom-parser";
import { ImageFault } from "../image-fault.ts";
import type { Tag } from "./attributes.ts";

/** A table of DICOM: `entries[value - first]`; values outside take the nearest end (PS3.3 C.11.1.1.1). */
export interface LookupTable {
  first: number;
  /** Bits of one entry. */
  bits: number;
  entries: Uint16Array;
}

/** Throws: ImageFault where the table holds less than its descriptor says. `signed`: how stored values are, where no VR says it. */
export function lookupTable(set: DataSet, descriptor: Tag, data: Tag, signed: boolean): LookupTable {
  const count = set.uint16(descriptor, 0) || 65536;
  const vr = set.elements[descriptor]?.vr;
  const negative = vr === "SS" || (vr === undefined && signed);
  const first = (negative ? set.int16(descriptor, 1) : set.uint16(descriptor, 1)) ?? 0;
  const bits = set.uint16(descriptor, 2) ?? 16;
  const element = set.elements[data];
  if (!element || element.length < count)
    throw new ImageFault(`a lookup table of ${count} entries has ${element?.length ?? 0} bytes`);
  if (element.dataOffset + element.length > set.byteArray.length) throw new ImageFault("a lookup table is cut short");
  // Entries of 8 bits may stand two in a word.
  const bytes = element.length < count * 2;
  const entries = Uint16Array.from({ length: count }, (_, i) =>
    bytes ? set.byteArray[element.dataOffset + i] : set.uint16(data, i)!,
  );
  return { first, bits: bits === 8 || bytes ? 8 : Math.min(16, Math.max(1, bits)), entries };
}

/** The entry of a value. */
export const lookUp = ({ first, entries }: LookupTable, value: number): number =>
  entries[Math.min(entries.length - 1, Math.max(0, Math.round(value) - first))];
