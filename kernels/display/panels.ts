import { groupBy } from "../../datasets/group-by.ts";
import { UserFacingError } from "../errors.ts";
import { metricWords } from "./metric-words.ts";
import type { MetricsPayloadRow } from "./metrics.ts";
import { PayloadError } from "./payload-shape.ts";

/** Cause: rows of different comparable groups were asked to share an axis. Handled by: the user, who re-scores or draws two plots. */
export class IncomparableRowsError extends UserFacingError {}

/** The bars of one metric, at most one an editor, in the order of `MetricPanels.editors`. */
export interface MetricCategory {
  metric: string;
  comparable_group: string;
  bars: MetricsPayloadRow[];
}

/** One scoring profile: what may stand side by side under one title. */
export interface MetricPanel {
  profile: string;
  categories: MetricCategory[];
}

export interface MetricPanels {
  editors: string[];
  panels: MetricPanel[];
}

/**
 * Arranges rows for drawing: a panel a profile, a category a metric, a bar an editor, each in order of first appearance.
 *
 * Throws: IncomparableRowsError when two bars of one category are of different comparable groups; PayloadError when
 * an editor has two rows for one bar.
 */
export function metricPanels(rows: readonly MetricsPayloadRow[]): MetricPanels {
  const editors = [...new Set(rows.map((row) => row.editor))];
  const panels = [...groupBy(rows, (row) => row.profile)].map(([profile, inPanel]) => ({
    profile,
    categories: [...groupBy(inPanel, (row) => row.metric)].map(([metric, bars]) => {
      refuseMixture(profile, metric, bars);
      const inOrder = [...bars].sort((a, b) => editors.indexOf(a.editor) - editors.indexOf(b.editor));
      return { metric, comparable_group: bars[0].comparable_group, bars: inOrder };
    }),
  }));
  return { editors, panels };
}

function refuseMixture(profile: string, metric: string, bars: readonly MetricsPayloadRow[]): void {
  const where = `metric plot, ${metricWords(metric)} under ${profile}`;
  const other = bars.find((bar) => bar.comparable_group !== bars[0].comparable_group);
  if (other)
    throw new IncomparableRowsError(
      `${where}: "${bars[0].comparable_group}" (${bars[0].editor}) and "${other.comparable_group}" (${other.editor}) are different comparable groups. ` +
        `Re-score one of them, or draw two plots.`,
    );
  const twice = bars.find((bar, i) => bars.some((earlier, j) => j < i && earlier.editor === bar.editor));
  if (twice)
    throw new PayloadError(
      `${where}: editor "${twice.editor}" has two rows. Give each run its own editor name, or draw two plots.`,
    );
}
