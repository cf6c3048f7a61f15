import { groupBy } from "../../../datasets/group-by.ts";
import type { Evaluation } from "../result.ts";
import { evaluationLabels } from "../comparison/evaluation-labels.ts";

/** The label of edited answers for all evaluations of a table; where they differ, one for each, with whose it is. */
export function noticesOf(evaluations: readonly Evaluation[]): string[] {
  const labels = evaluationLabels(evaluations);
  const named = evaluations.map(({ notice }, i) => ({ notice, label: labels[i] }));
  const groups = [...groupBy(named, ({ notice }) => notice)];
  if (groups.length < 2) return groups.map(([notice]) => notice);
  return groups.map(([notice, own]) => `${own.map(({ label }) => label).join(", ")}: ${notice}`);
}

/** Stands behind the name of whoever was stopped early. */
export const PARTIAL_MARK = "‡";

/** A line on every evaluation that holds a part of what was planned: "‡ ike: stopped after 3 of 10 tests, so these numbers are partial." */
export function partialNotes(evaluations: readonly Evaluation[]): string[] {
  const labels = evaluationLabels(evaluations);
  return evaluations.flatMap(({ partial }, i) =>
    partial
      ? [`${PARTIAL_MARK} ${labels[i]}: stopped after ${partialWords(partial)}, so these numbers are partial.`]
      : [],
  );
}

/** "3 of 10 tests". */
export const partialWords = ({ tested, of }: NonNullable<Evaluation["partial"]>): string =>
  `${tested} of ${of || "all"} tests`;

/** What else a reader must know of these evaluations, each line once. */
export const warningsOf = (evaluations: readonly Evaluation[]): string[] => [
  ...new Set(evaluations.flatMap(({ warnings = [] }) => warnings)),
];
