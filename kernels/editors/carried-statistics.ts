import type { Carried, Edit } from "../models/edit.ts";
import { cannotGoOn, carriedArray } from "./carried.ts";
import type { RunningStatistics } from "./closed-forms/running-statistics.ts";

const PREFIX = "statistics of ";

/** Running statistics by shape of the weight, for an edit to carry: count, means, then squares, [1 + 2 (in + out)] each. */
export function carryStatistics(statistics: ReadonlyMap<string, RunningStatistics>): Carried {
  return Object.fromEntries(
    [...statistics].map(([shape, { n, mean, squares }]) => {
      const data = Float64Array.of(n, ...mean, ...squares);
      return [PREFIX + shape, { type: "float64", dims: [data.length], data }];
    }),
  );
}

/** The statistics that the view's latest UltraEdit edit carries, by shape of the weight. Throws: CarriedError where it carries none. */
export function earlierStatistics(edits: readonly Edit[]): Map<string, RunningStatistics> {
  const edit = edits.findLast(({ editor }) => editor === "ultraedit");
  if (!edit) return new Map();
  const names = Object.keys(edit.carried ?? {}).filter((name) => name.startsWith(PREFIX));
  if (names.length === 0) throw cannotGoOn(edit, "its statistics");
  return new Map(
    names.map((name) => {
      const [width, out] = name.slice(PREFIX.length).split("x").map(Number);
      const data = carriedArray(edit, name, "float64", 1 + 2 * (width + out)) as Float64Array;
      const size = width + out;
      return [name.slice(PREFIX.length), { n: data[0], mean: data.slice(1, 1 + size), squares: data.slice(1 + size) }];
    }),
  );
}
