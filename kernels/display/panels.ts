import { groupBy } from "../../datasets/group-by.ts";
import { UserFacingError } from "../errors.ts";
import { metricWords, profileWords } from "./metric-words.ts";
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

/** One scoring profile, or a section of one that has too many metrics for one row: what may stand side by side under one title. */
export interface MetricPanel {
  profile: string;
  section?: string;
  categories: MetricCategory[];
}

export interface MetricPanels {
  editors: string[];
  panels: MetricPanel[];
}

/**
 * Arranges rows for drawing: a panel a profile, a category a metric, a bar an editor, each in order of first appearance. A profile with
 * more metrics than a row has room for becomes panels of what an edit should change, of what it should leave, and of parts of metrics.
 *
 * Throws: IncomparableRowsError when two bars of one category are of different comparable groups; PayloadError when
 * an editor has two rows for one bar.
 */
export function metricPanels(rows: readonly MetricsPayloadRow[]): MetricPanels {
  const editors = [...new Set(rows.map((row) => row.editor))];
  const panels = [...groupBy(rows, (row) => row.profile)].flatMap(([profile, inPanel]) => {
    const categories = [...groupBy(inPanel, (row) => row.metric)].map(([metric, bars]) => {
      refuseMixture(profile, metric, bars);
      const inOrder = [...bars].sort((a, b) => editors.indexOf(a.editor) - editors.indexOf(b.editor));
      return { metric, comparable_group: bars[0].comparable_group, bars: inOrder };
    });
    if (categories.length <= MOST_IN_A_ROW) return [{ profile, categories }];
    return [...groupBy(categories, sectionOf)].map(([section, some]) => ({ profile, section, categories: some }));
  });
  return { editors, panels };
}

/** Names of more metrics than this run into each other. */
const MOST_IN_A_ROW = 7;

function sectionOf({ metric, comparable_group }: MetricCategory): string {
  const [whole, part] = metric.split("/");
  if (part !== undefined) return `parts of ${metricWords(whole).toLowerCase()}`;
  return comparable_group.includes("locality") ? "what should stay" : "what should change";
}

/** A panel's title: the profile with what it measures, and its section. */
export const panelWords = ({ profile, section }: Pick<MetricPanel, "profile" | "section">): string =>
  section ? `${profileWords(profile)}; ${section}` : profileWords(profile);

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
