import { groupBy } from "../../datasets/group-by.ts";
import type { CurvesPayloadRow } from "./curves.ts";
import { editorLooks } from "./editor-style.ts";
import { metricWords } from "./metric-words.ts";
import { IncomparableRowsError } from "./panels.ts";
import { PayloadError } from "./payload-shape.ts";

/** One editor's points, from the fewest edits to the most. */
export interface Curve {
  editor: string;
  /** Its place in `CurvePanels.editors`. */
  index: number;
  /** Its place among the looks of editors. */
  look: number;
  points: CurvesPayloadRow[];
}

/** One metric: what may share a value axis. `comparable_group` is without the number of edits, which is the other axis. */
export interface CurvePanel {
  metric: string;
  comparable_group: string;
  curves: Curve[];
}

export interface CurvePanels {
  /** In order of first appearance. */
  editors: string[];
  /** For each editor its place among the looks. */
  looks: number[];
  /** All numbers of edits that any row was measured at, rising. */
  checkpoints: number[];
  panels: CurvePanel[];
}

/**
 * Arranges rows for drawing: a panel a metric, a curve an editor, each in order of first appearance.
 *
 * Throws: IncomparableRowsError when rows of one metric are of groups that differ in more than their number of edits; PayloadError when an
 * editor has two rows at one checkpoint.
 */
export function curvePanels(rows: readonly CurvesPayloadRow[]): CurvePanels {
  const editors = [...new Set(rows.map((row) => row.editor))];
  const looks = editorLooks(editors);
  const panels = [...groupBy(rows, (row) => row.metric)].map(([metric, own]) => {
    refuseMixture(metric, own);
    const curves = editors.flatMap((editor, index) => {
      const points = own.filter((row) => row.editor === editor).sort((a, b) => a.edits - b.edits);
      return points.length ? [{ editor, index, look: looks[index], points }] : [];
    });
    for (const { editor, points } of curves) refuseTwice(metric, editor, points);
    return { metric, comparable_group: groupOf(own[0]), curves };
  });
  const checkpoints = [...new Set(rows.map((row) => row.edits))].sort((a, b) => a - b);
  return { editors, looks, checkpoints, panels };
}

/** A protocol with checkpoints writes the number of edits at the end of the group: "mm.gen.exact-norm@sequential50". */
function groupOf({ comparable_group, edits }: CurvesPayloadRow): string {
  const [, group, number] = /^(.*@[^\d]+)(\d+)$/.exec(comparable_group) ?? [];
  return number === String(edits) ? group : comparable_group;
}

function refuseMixture(metric: string, rows: readonly CurvesPayloadRow[]): void {
  const other = rows.find((row) => row.profile !== rows[0].profile || groupOf(row) !== groupOf(rows[0]));
  if (other)
    throw new IncomparableRowsError(
      `curves, ${metricWords(metric)}: "${rows[0].comparable_group}" (${rows[0].editor}, ${rows[0].profile}, edits ${rows[0].edits}) and ` +
        `"${other.comparable_group}" (${other.editor}, ${other.profile}, edits ${other.edits}) are different comparable groups. ` +
        `Re-score one of them, or draw two plots.`,
    );
}

function refuseTwice(metric: string, editor: string, points: readonly CurvesPayloadRow[]): void {
  const twice = points.find((point, i) => i > 0 && point.edits === points[i - 1].edits);
  if (twice)
    throw new PayloadError(
      `curves, ${metricWords(metric)}: editor "${editor}" has two rows at ${twice.edits} edits. Give each run its own editor name, or draw two plots.`,
    );
}
