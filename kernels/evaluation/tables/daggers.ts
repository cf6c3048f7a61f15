import { groupBy } from "../../../datasets/group-by.ts";
import { joinCases, pairValues } from "../comparison/pair-values.ts";
import { pairsOf } from "../comparison/compare-editors.ts";
import { pairedTest } from "../comparison/paired-test.ts";
import type { Evaluation, ResultRow } from "../result.ts";
import { holm } from "../statistics/holm.ts";

/** Below this Holm-adjusted p an editor gets a dagger. */
export const SIGNIFICANT = 0.05;

/**
 * Which pairs of editors differ significantly in one column: keys "i j" with i < j, indices into `evaluations`.
 *
 * Tests as `compareEditors`; Holm over all pairs of the column, or with a baseline (an index) over the pairs with it. Editors without a
 * case in common give none.
 */
export function significantPairs(
  evaluations: readonly Evaluation[],
  column: Pick<ResultRow, "metric" | "profile" | "edits">,
  baseline?: number,
): Set<string> {
  const names = evaluations.map((_, i) => String(i));
  const tested = pairsOf(names, baseline === undefined ? undefined : String(baseline)).flatMap(([i, j]) => {
    const { pairs } = pairValues(joinCases(evaluations[i], evaluations[j]), column, "record");
    return pairs.length ? [{ key: pairKey(i, j), p: pairedTest(pairs).p }] : [];
  });
  const adjusted = holm(tested.map(({ p }) => p));
  return new Set(tested.filter((_, k) => adjusted[k] < SIGNIFICANT).map(({ key }) => key));
}

export const pairKey = (i: number, j: number): string => `${Math.min(i, j)} ${Math.max(i, j)}`;

/** Evaluations that one table may hold: the same model, benchmark and protocol. */
export const sameSetting = (evaluations: readonly Evaluation[]): Evaluation[][] => [
  ...groupBy(evaluations, ({ model, benchmark, protocol }) => [model, benchmark, protocol].join("\n")).values(),
];
