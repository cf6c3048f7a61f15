import { throwIfCancelled } from "../kernels/errors.ts";
import type { EditCase } from "./case.ts";
import type { BenchmarkCases, CaseOptions } from "./cases.ts";
import { BenchmarkMissingError } from "./read-json-array.ts";
import { type ReadOptions, type Reading } from "./reading.ts";

/**
 * Makes `Benchmark.cases` of a published benchmark from its reader: the first `limit` records of the split, in file order unless
 * `order` says otherwise. The model is asked nothing: whether it knows what an edit changes shows in the base values.
 *
 * The counts of skipped records are those met on the way to the last case. Throws: BenchmarkMissingError without a folder and where no record can be used; what the
 * reader throws; CancelledError.
 */
export function casesOf(
  name: string,
  read: (options: ReadOptions) => Reading<EditCase>,
): (options: CaseOptions) => Promise<BenchmarkCases> {
  return async ({ folder, limit, split, order, seed, onInvalid, signal, onProgress }) => {
    if (folder === undefined)
      throw new BenchmarkMissingError(
        `${name}: no folder was given. Pass the folder of its files; medke benchmarks lists them.`,
      );
    const records = read({ folder, split, order, seed, onInvalid, signal });
    const cases: EditCase[] = [];
    for await (const record of records) {
      throwIfCancelled(signal, `${name} cases`);
      cases.push(record);
      onProgress?.(cases.length, limit);
      if (cases.length === limit) break;
    }
    const { skipped } = records;
    if (cases.length === 0 && skipped.length > 0)
      throw new BenchmarkMissingError(
        `${name}: none of the records can be used (${skipped.map(({ reason, count }) => `${count}: ${reason}`).join("; ")}). ` +
          `medke validate --benchmark ${name} says where.`,
      );
    return { cases, skipped };
  };
}
