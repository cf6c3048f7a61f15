import type { DataSet } from "dicom-parser";

/** A tag as dicom-parser names it. */
export type Tag = `x${string}`;

/** Value `index` of a decimal string; undefined where it is absent, empty or not a number. */
export function decimal(set: DataSet | undefined, tag: Tag, index = 0): number | undefined {
  // The parser counts none in an empty value, and trims a value that is not there.
  const text = index < (set?.numStringValues(tag) ?? 0) ? set!.string(tag, index) : undefined;
  if (!text?.trim()) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Value of a coded string, in capitals. */
export const coded = (set: DataSet | undefined, tag: Tag): string | undefined =>
  set?.string(tag)?.trim().toUpperCase() || undefined;

/** Item `index` of a sequence. */
export const item = (set: DataSet | undefined, tag: Tag, index = 0): DataSet | undefined =>
  set?.elements[tag]?.items?.[index]?.dataSet;

/**
 * The data set that holds a group of attributes for a frame: enhanced objects keep it in the per-frame or the shared functional groups
 * (PS3.3 C.7.6.16), others at the top.
 */
export function functionalGroup(root: DataSet, frame: number, macro: Tag): DataSet {
  return item(item(root, "x52009230", frame), macro) ?? item(item(root, "x52009229"), macro) ?? root;
}
