import { type CategoryRule, CONFUSION_METRICS, type ConfusionMetric } from "./tally.ts";
import type { ConfusionEvaluation, ConfusionRow } from "./result.ts";

/** A table as text cells. */
export interface TextTable {
  head: string[];
  rows: string[][];
}

const percent = (value: number | null) => (value === null ? "-" : (100 * value).toFixed(1));

/** Value with its interval, if it has one, and what it is a share of, in percent: "25.0 [18.5, 31.9] of 176". */
function cell(row: ConfusionRow | undefined): string {
  if (!row || row.value === null) return "-";
  const interval = row.ci ? ` [${row.ci.map(percent).join(", ")}]` : "";
  return `${percent(row.value)}${interval} of ${row.n}`;
}

/**
 * The score table as text, "All" first, then categories by size; below it what rules get that look at no image. How often a pair counts in
 * a category follows the variant.
 */
export function confusionTable({ rows, baselines, variant }: ConfusionEvaluation): TextTable {
  const rule: CategoryRule = variant === "official" ? "official" : "pair-union";
  const find = (category: string, metric: ConfusionMetric) => {
    const all = rows.filter((row) => row.category === category && row.metric === metric);
    return all.find((row) => row.rule === rule) ?? all[0];
  };
  const size = (category: string) => find(category, "set").n;
  const categories = [...new Set(rows.map(({ category }) => category))].filter((category) => category !== "All");
  categories.sort((a, b) => size(b) - size(a));
  const line = (category: string) => CONFUSION_METRICS.map((metric) => cell(find(category, metric)));
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

/** What the table's cells are, for below it. */
export const confusionFootnote = ({ variant }: Pick<ConfusionEvaluation, "variant">): string =>
  "Percent [95% interval over image clusters] of how many. " +
  (variant === "official"
    ? "A pair counts in a category once for each of its images, as in the official code, so twice where both show it. "
    : "A pair counts once in each category that one of its images shows. ") +
  "In brackets: what is to be expected of rules that look at no image.";
