import { bootstrapMean } from "../../evaluation/statistics/bootstrap.ts";
import { EXAM_GROUPS } from "../../models/phantom/exam/exam-question.ts";
import type { ExamGroup } from "../../models/phantom/exam/exam-question.ts";
import type { Answered } from "../../models/phantom/exam/sit-exam.ts";
import { markdownTable } from "../../evaluation/tables/markdown-table.ts";

export interface ExamRow {
  what: string;
  /** Share of answers that equal the expected one, character by character. */
  accuracy: number;
  /** 95% bootstrap interval over images or heads. */
  interval: [number, number];
  n: number;
}

/** Rows of a report: a name, and whether an answer counts. */
function examRow(what: string, answers: readonly Answered[], right: (each: Answered) => boolean): ExamRow | undefined {
  if (answers.length === 0) return undefined;
  const byCluster = new Map<string, number[]>();
  for (const each of answers)
    byCluster.set(each.cluster, [...(byCluster.get(each.cluster) ?? []), right(each) ? 1 : 0]);
  const outcomes = [...byCluster.values()];
  const n = answers.length;
  return {
    what,
    accuracy: outcomes.flat().reduce((sum, value) => sum + value, 0) / n,
    interval: bootstrapMean(outcomes),
    n,
  };
}

const exact = ({ given, answer }: Answered) => given === answer;

/** The model card's table: all groups, the first by modality and by family, and what is reached without an image. */
export function examTable(
  answered: readonly Answered[],
  questionOnly: (family: string, about: readonly string[]) => string | undefined,
): ExamRow[] {
  const of = (group: ExamGroup) => answered.filter((each) => each.group === group);
  const visual = of("visual");
  const split = (name: string, key: (each: Answered) => string) =>
    [...new Set(visual.map(key))].sort().map((value) =>
      examRow(`  ${name} ${value}`, visual.filter((each) => key(each) === value), exact),
    ); // prettier-ignore
  const others = (Object.keys(EXAM_GROUPS) as ExamGroup[]).filter((group) => group !== "visual");
  return [
    examRow(EXAM_GROUPS.visual, visual, exact),
    ...split("modality", ({ scene }) => scene!.modality),
    ...split("family", ({ family }) => family),
    examRow(
      "the same questions answered without any image: the commonest answer in training",
      visual,
      ({ family, about, answer }) => questionOnly(family, about) === answer,
    ),
    ...others.map((group) => examRow(EXAM_GROUPS[group], of(group), exact)),
  ].filter((row) => row !== undefined);
}

export const EXAM_HEAD = ["what", "exact match", "95% interval", "n"];

export const examCells = ({ what, accuracy, interval, n }: ExamRow): string[] => [
  what,
  accuracy.toFixed(3),
  interval.map((end) => end.toFixed(3)).join(" to "),
  String(n),
];

/** As a Markdown table. */
export const examMarkdown = (rows: readonly ExamRow[]): string => {
  const cells = rows.map(examCells).map(([what, ...rest]) => [what.replace(/^ {2}/, "&nbsp;&nbsp;"), ...rest]);
  return markdownTable(EXAM_HEAD, cells);
};
