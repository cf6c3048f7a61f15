import type { OptionLetter } from "../../../datasets/confusion-pair.ts";
import type { Choice } from "./choice.ts";

/** A pair with what was chosen for each image. */
export interface AnsweredPair {
  /** Categories of each image. */
  categories: readonly [readonly string[], readonly string[]];
  /** The right option of each image. */
  answers: readonly [OptionLetter, OptionLetter];
  choices: readonly [Choice, Choice];
  /** Pairs that share images, directly or through others, have one cluster. */
  cluster: string;
}

export const ALL = "All";

/**
 * How often a pair counts in a category. `official`: once for each of its images that carries the category, so twice where both do.
 * `pair-union`: once. Individual answers count for their own image's categories in both.
 */
export type CategoryRule = "official" | "pair-union";

export type ConfusionMetric = "set" | "individual" | "confusion" | "invalid" | "precision";
export const CONFUSION_METRICS = ["set", "individual", "confusion", "invalid", "precision"] as const;

/** Outcomes of one metric in one category, cluster by cluster. [clusters][outcomes], 1 or 0 */
export type Outcomes = number[][];

/** All categories in order of their first appearance, then "All"; each with the outcomes that its metrics are means of. */
export function tally(
  pairs: readonly AnsweredPair[],
  rule: CategoryRule,
): Map<string, Record<ConfusionMetric, Outcomes>> {
  const clusters = new Map<string, number>();
  for (const { cluster } of pairs) if (!clusters.has(cluster)) clusters.set(cluster, clusters.size);
  const table = new Map<string, Record<ConfusionMetric, Outcomes>>();
  const cell = (category: string) => {
    if (!table.has(category)) table.set(category, emptyCell(clusters.size));
    return table.get(category)!;
  };
  for (const pair of pairs) {
    const at = clusters.get(pair.cluster)!;
    const both = pair.categories.flat();
    for (const category of [...(rule === "official" ? both : new Set(both))]) addPair(cell(category), pair, at);
    for (const image of [0, 1] as const)
      for (const category of pair.categories[image]) addImage(cell(category), pair, image, at);
  }
  const all = emptyCell(clusters.size);
  for (const pair of pairs) {
    const at = clusters.get(pair.cluster)!;
    addPair(all, pair, at);
    addImage(all, pair, 0, at);
    addImage(all, pair, 1, at);
  }
  return table.set(ALL, all);
}

function emptyCell(clusters: number): Record<ConfusionMetric, Outcomes> {
  const empty = () => Array.from({ length: clusters }, (): number[] => []);
  return { set: empty(), individual: empty(), confusion: empty(), invalid: empty(), precision: empty() };
}

function addPair(cell: Record<ConfusionMetric, Outcomes>, { answers, choices: [one, two] }: AnsweredPair, at: number) {
  const right = Number(one === answers[0] && two === answers[1]);
  cell.set[at].push(right);
  if (one === "-" || two === "-") return;
  cell.confusion[at].push(Number(one === two));
  if (one !== two) cell.precision[at].push(right);
}

function addImage(
  cell: Record<ConfusionMetric, Outcomes>,
  { answers, choices }: AnsweredPair,
  image: 0 | 1,
  at: number,
) {
  cell.individual[at].push(Number(choices[image] === answers[image]));
  cell.invalid[at].push(Number(choices[image] === "-"));
}
