import type { CaseResult, ProfileName, ResultRow } from "./result.ts";
import { RowAccumulator, type Weighting } from "./row-accumulator.ts";

/** The result rows of finished cases; see `RowAccumulator`. */
export function resultRows(
  cases: Iterable<CaseResult>,
  seed = 0,
  { weighting, profiles }: { weighting?: Weighting; profiles?: readonly ProfileName[] } = {},
): ResultRow[] {
  const rows = new RowAccumulator({ seed, weighting, profiles });
  for (const each of cases) rows.add(each);
  return rows.rows();
}
