import { requireKnown } from "../../nearest-name.ts";
import type { Evaluation } from "../result.ts";

/** Which rows a table shows, in this order; all of them where none are named. */
export interface RowSelection {
  metrics?: readonly string[];
  profiles?: readonly string[];
}

/**
 * Evaluations with the chosen rows alone, in the order in which profiles and then metrics are named.
 *
 * Throws: UnknownNameError for a metric or profile that no row has.
 */
export function selectedRows(
  evaluations: readonly Evaluation[],
  { metrics, profiles }: RowSelection,
): readonly Evaluation[] {
  const rows = evaluations.flatMap(({ rows }) => rows);
  const known = (key: "metric" | "profile") => [...new Set(rows.map((row): string => row[key]))];
  metrics?.forEach((name) => requireKnown("metric of these results", name, known("metric")));
  profiles?.forEach((name) => requireKnown("profile of these results", name, known("profile")));
  const place = (names: readonly string[] | undefined, name: string) => names?.indexOf(name) ?? 0;
  return evaluations.map((evaluation) => ({
    ...evaluation,
    rows: evaluation.rows
      .filter(({ metric, profile }) => place(metrics, metric) >= 0 && place(profiles, profile) >= 0)
      .sort(
        (a, b) =>
          place(profiles, a.profile) - place(profiles, b.profile) ||
          place(metrics, a.metric) - place(metrics, b.metric),
      ),
  }));
}
