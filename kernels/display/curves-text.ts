import { type CurvePanel, curvePanels } from "./curve-panels.ts";
import type { CurvesPayload, CurvesPayloadRow } from "./curves.ts";
import { interval, score } from "./format-number.ts";
import { metricWords, profileWords } from "./metric-words.ts";

/** Curves as aligned text: a table a metric, editors x numbers of edits, each cell `value [low, high]`; then base values and n. */
export function curvesText(payload: CurvesPayload): string {
  const { editors, checkpoints, panels } = curvePanels(payload.rows);
  const head = [payload.title, payload.subtitle, profileWords(payload.profile), "Each cell: value [95% interval]."];
  const tables = panels.map((panel) => [metricWords(panel.metric), ...table(panel, editors, checkpoints)].join("\n"));
  return [head.filter(Boolean).join("\n"), ...tables, payload.notice].filter(Boolean).join("\n\n");
}

/** One sentence that stands for the plot where it cannot be seen. */
export function curvesSummary({ title, profile, rows }: CurvesPayload): string {
  const { editors, checkpoints, panels } = curvePanels(rows);
  return (
    `${title}: line plots of ${panels.map(({ metric }) => metricWords(metric)).join(", ")} over the number of edits in force ` +
    `(${checkpoints.join(", ")}) for ${editors.length === 1 ? "editor" : "editors"} ${editors.join(", ")}, scored by ${profile}, ` +
    `with 95% intervals and the base model's values.`
  );
}

/** What a point says when pointed at or reached by key; the same facts as its row in the table. */
export const pointFacts = (row: CurvesPayloadRow): string[] => [
  `${row.editor} \u00b7 ${metricWords(row.metric)}, ${row.edits} ${row.edits === 1 ? "edit" : "edits"}`,
  `value ${score(row.value)}`,
  `95% interval ${interval(row.ci)}`,
  `base ${score(row.base)}`,
  `n ${row.n}`,
  `profile ${row.profile}`,
  `group ${row.comparable_group}`,
];

/** "n = 1 / 10 / 50": at each number of edits, a range where editors differ. */
export function panelSampleSize({ curves }: CurvePanel): string {
  const counts = new Map<number, number[]>();
  for (const { edits, n } of curves.flatMap(({ points }) => points))
    counts.set(edits, [...(counts.get(edits) ?? []), n]);
  const shown = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([, all]) => {
      const [least, most] = [Math.min(...all), Math.max(...all)];
      return least === most ? String(least) : `${least} to ${most}`;
    });
  return `n = ${shown.join(" / ")}`;
}

function table({ curves }: CurvePanel, editors: readonly string[], checkpoints: readonly number[]): string[] {
  const at = (edits: number) => curves.flatMap(({ points }) => points.filter((point) => point.edits === edits));
  const cell = (row: CurvesPayloadRow | undefined) => {
    if (!row) return "not measured";
    return row.ci ? `${score(row.value)} [${row.ci.map(score).join(", ")}]` : score(row.value);
  };
  const body = editors.map((editor) => [
    editor,
    ...checkpoints.map((edits) => cell(at(edits).find((row) => row.editor === editor))),
  ]);
  const shared = (of: (row: CurvesPayloadRow) => string) =>
    checkpoints.map((edits) => [...new Set(at(edits).map(of))].join(" / "));
  const rows = [
    ["edits in force", ...checkpoints.map(String)],
    ...body,
    ["base model", ...shared((row) => score(row.base))],
    ["n", ...shared((row) => String(row.n))],
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((each, i) => each.padEnd(widths[i]))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1, 1 + editors.length), rule, ...lines.slice(1 + editors.length)];
}
