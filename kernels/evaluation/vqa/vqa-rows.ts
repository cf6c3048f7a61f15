import { groupBy } from "../../../datasets/group-by.ts";
import { meanInterval } from "../statistics/mean-interval.ts";
import { clusterSums } from "../statistics/resampled-means.ts";
import type { VqaAnswer, VqaCondition } from "./evaluate-vqa.ts";

export type VqaMetric = "overall" | "closed" | "open" | "open-recall";

/** One number: a mean over questions, with its 95% interval over images (`meanInterval`). */
export interface VqaRow {
  condition: VqaCondition;
  metric: VqaMetric;
  comparable_group: string;
  /** Fraction in [0, 1]. */
  value: number;
  n: number;
  ci: [number, number] | null;
}

const METRICS: Record<VqaMetric, (answer: VqaAnswer) => number | undefined> = {
  overall: ({ exact }) => Number(exact),
  closed: ({ closed, exact }) => (closed ? Number(exact) : undefined),
  open: ({ closed, exact }) => (closed ? undefined : Number(exact)),
  "open-recall": ({ recall }) => recall ?? undefined,
};

/** Exact match of all, closed and open questions, and token recall of open ones, a row each; what no question belongs to has none. */
export function vqaRows(
  answers: Partial<Record<VqaCondition, readonly VqaAnswer[]>>,
  { comparable_group, seed }: { comparable_group: string; seed: number },
): VqaRow[] {
  return (Object.entries(answers) as [VqaCondition, readonly VqaAnswer[]][]).flatMap(([condition, given]) => {
    const images = [...groupBy(given, ({ image }) => image).values()];
    return (Object.keys(METRICS) as VqaMetric[]).flatMap((metric): VqaRow[] => {
      const clusters = images.map((each) => each.map(METRICS[metric]).filter((value) => value !== undefined));
      const values = clusters.flat();
      if (values.length === 0) return [];
      const value = values.reduce((sum, each) => sum + each, 0) / values.length;
      // Recall has other units than exact match, so it never shares an average with it.
      const group =
        metric === "open-recall" ? comparable_group.replace("exact-norm", "token-recall") : comparable_group;
      const ci = meanInterval(clusterSums(clusters), { seed });
      return [{ condition, metric, comparable_group: group, value, n: values.length, ci }];
    });
  });
}
