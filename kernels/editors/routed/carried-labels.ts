import type { Carried, Edit } from "../../models/edit.ts";
import { carriedArray, cannotGoOn } from "../carried.ts";
import type { LabelRow } from "../memories/label-match.ts";

/** Label rows, one an entry, as arrays that an edit carries: all ids in one list [ids], and how many belong to each row [entries]. */
export function carryLabels(rows: readonly LabelRow[]): Carried {
  const int32 = (values: number[]) => ({
    type: "int32" as const,
    dims: [values.length],
    data: Int32Array.from(values),
  });
  return { labels: int32(rows.flat()), lengths: int32(rows.map(({ length }) => length)) };
}

/** The label rows that an edit of so many entries carries. Throws: CarriedError. */
export function carriedLabels(edit: Edit, entries: number): LabelRow[] {
  const lengths = carriedArray(edit, "lengths", "int32", entries) as Int32Array;
  const ids = carriedArray(edit, "labels", "int32") as Int32Array;
  let at = 0;
  const rows = Array.from(lengths, (length) => Array.from(ids.subarray(at, (at += length))));
  if (at !== ids.length || lengths.some((length) => length < 0))
    throw cannotGoOn(edit, "a row of labels for each entry");
  return rows;
}
