/** What may make cases depend on each other: the record (image or fact) behind them, or only the case itself. */
export type Clustering = "record" | "case";

/**
 * The cluster of a case. "record": cases of one image are one cluster; of cases without an image, those that ask the same question (the
 * same fact). Benchmarks repeat both, and their outcomes then move together.
 */
export function clusterOf(
  { id, image, question }: { id: string; image?: string; question: string },
  clustering: Clustering = "record",
): string {
  if (clustering === "case") return `case ${id}`;
  return image === undefined ? `fact ${question.trim().toLowerCase()}` : `image ${image}`;
}
