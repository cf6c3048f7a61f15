import type { CaseResult, ResultRow } from "./result.ts";
import { RowAccumulator, type Weighting } from "./row-accumulator.ts";

/** The result rows of finished cases; see `RowAccumulator`. */
export function resultRows(
  cases: Iterable<CaseResult>,
  seed = 0,
  { weighting }: { weighting?: Weighting } = {},
): ResultRow[] {
  const rows = new RowAccumulator({ seed, weighting });
  for (const each of cases) rows.add(each);
  return rows.rows();
}
