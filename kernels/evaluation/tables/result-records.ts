import { groupBy } from "../../../datasets/group-by.ts";
import { evaluationLabels } from "../comparison/evaluation-labels.ts";
import type { Evaluation } from "../result.ts";
import type { FlatRow } from "./flat-table.ts";

/**
 * Results of several evaluations, a record for each editor, metric and profile; numbers that may be compared stand together, editors in
 * the order given.
 *
 * Fields: origin "measured", label (the editor, and what else differs where editors repeat), model, benchmark, protocol, editor, every
 * field of a result row (parts of one as "routed_fired" and so on), lo and hi of its 95% interval (none where nothing can be said about the spread), seed, run; partial_tested and partial_of (tests)
 * of an evaluation that was stopped early.
 */
export function resultRecords(evaluations: readonly Evaluation[]): FlatRow[] {
  const labels = evaluationLabels(evaluations);
  const records = evaluations.flatMap(({ model, benchmark, protocol, editor, seed, run, rows, partial }, i) =>
    rows.map((row): FlatRow => {
      const { ci, ...own } = row;
      const plain = Object.entries(own).flatMap(([key, value]): [string, unknown][] =>
        typeof value === "object" && value !== null
          ? Object.entries(value).map(([part, count]) => [`${key}_${part}`, count])
          : [[key, value]],
      );
      return {
        origin: "measured",
        label: labels[i],
        model,
        benchmark,
        protocol,
        editor,
        ...(Object.fromEntries(plain) as FlatRow),
        lo: ci?.[0],
        hi: ci?.[1],
        seed,
        run: run?.id,
        partial_tested: partial?.tested,
        partial_of: partial?.of,
      };
    }),
  );
  return [...groupBy(records, ({ metric, profile }) => `${metric} ${profile}`).values()].flat();
}
