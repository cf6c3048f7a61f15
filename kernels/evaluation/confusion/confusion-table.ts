import { CONFUSION_METRICS, type ConfusionMetric } from "./tally.ts";
import type { ConfusionEvaluation, ConfusionRow } from "./result.ts";

/** A table as text cells. */
export interface TextTable {
  head: string[];
  rows: string[][];
}

const percent = (value: number | null) => (value === null ? "-" : (100 * value).toFixed(1));

/** Value with its interval and what it is a share of, in percent: "25.0 [18.5, 31.9] of 176". */
function cell(row: ConfusionRow | undefined): string {
  if (!row || row.value === null) return "-";
  const [low, high] = row.ci!;
  return `${percent(row.value)} [${percent(low)}, ${percent(high)}] of ${row.n}`;
}

/** The score table as text, "All" first, then categories by size; below it what rules get that look at no image. */
export function confusionTable({ rows, baselines }: ConfusionEvaluation): TextTable {
  const official = rows.filter(({ rule }) => rule === "official");
  const size = (category: string) => official.find((row) => row.category === category && row.metric === "set")!.n;
  const categories = [...new Set(official.map(({ category }) => category))].filter((category) => category !== "All");
  categories.sort((a, b) => size(b) - size(a));
  const line = (category: string) =>
    CONFUSION_METRICS.map((metric) => cell(official.find((row) => row.category === category && row.metric === metric)));
  const expected = (metric: ConfusionMetric, { set, individual, confusion }: (typeof baselines)[number]) =>
    metric === "set" ? set : metric === "individual" ? individual : metric === "confusion" ? confusion : null;
  return {
    head: ["", ...CONFUSION_METRICS],
    rows: [
      ...["All", ...categories].map((category) => [category, ...line(category)]),
      ...baselines.map((baseline) => [
        `(${baseline.summary})`,
        ...CONFUSION_METRICS.map((metric) => percent(expected(metric, baseline))),
      ]),
    ],
  };
}

/** What was run, in one line. */
export function confusionHeadline(evaluation: ConfusionEvaluation): string {
  const { model, edits, benchmark, mode, variant, layout, matching, pairs, seed, device } = evaluation;
  return [
    edits.length ? `${model} with ${edits.length} edits` : model,
    `${benchmark}, ${pairs.length} pairs in ${new Set(pairs.map(({ cluster }) => cluster)).size} clusters`,
    `mode ${mode}, ${variant}`,
    ...(layout ? [`layout ${layout}`] : []),
    ...(matching ? [matching === "judge" ? "replies judged" : "replies matched to options"] : []),
    "images apart",
    `seed ${seed}`,
    device.device,
  ].join(" · ");
}
