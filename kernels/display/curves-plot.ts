import { evaluationLabels } from "../evaluation/comparison/evaluation-labels.ts";
import type { Evaluation } from "../evaluation/result.ts";
import { selectedRows } from "../evaluation/tables/selected-rows.ts";
import { curvesSvg } from "./curves-svg.ts";
import { curvesText } from "./curves-text.ts";
import { CURVES_MIME, type CurvesPayload } from "./curves.ts";
import { metricsPayload } from "./metrics-plot.ts";
import { type Displayable, MIME_BUNDLE } from "./mime.ts";
import { PayloadError } from "./payload-shape.ts";
import { rasterise } from "./rasterise.ts";
import { readCurves } from "./read-curves.ts";

export interface CurvesPlotOptions {
  /** Default: protocol, model, benchmark, profile, number of cases and seed, which otherwise stand below the title. */
  title?: string;
  /** Scoring profile of all panels. Default: gen-exact where it was measured, otherwise the first. */
  profile?: string;
  /** Metrics to draw, in this order. Default: all. */
  metrics?: readonly string[];
  /** Whether parts of a metric, such as portability with one hop, have panels of their own. Default false. */
  parts?: boolean;
}

/**
 * Plots metrics over the number of edits in force, a line for each evaluation with protocol "sequential". Show it with `display(...)` or as
 * a cell's last value.
 *
 * Throws: PayloadError for evaluations without checkpoints; IncomparableRowsError for rows that may not share an axis; UnknownNameError for
 * a profile or metric that was not measured.
 */
export function curvesPlot(
  evaluations: Evaluation | readonly Evaluation[],
  options: CurvesPlotOptions = {},
): Displayable {
  const payload = curvesPayload("rows" in evaluations ? [evaluations] : evaluations, options);
  return {
    [MIME_BUNDLE]: async () => {
      const svg = curvesSvg(payload);
      return {
        [CURVES_MIME]: payload,
        "image/svg+xml": svg,
        "image/png": await rasterise(svg),
        "text/plain": curvesText(payload),
      };
    },
  };
}

/** The plot's data; throws as `curvesPlot`. */
export function curvesPayload(
  evaluations: readonly Evaluation[],
  { title, profile, metrics, parts = false }: CurvesPlotOptions = {},
): CurvesPayload {
  const without = evaluations.find(({ rows }) => rows.some(({ edits }) => edits === undefined));
  if (without)
    throw new PayloadError(
      `curves: "${without.editor}" was evaluated with protocol "${without.protocol}", which has no checkpoints. ` +
        `Evaluate it with protocol "sequential", or draw it with metricsPlot.`,
    );
  const measured = evaluations.flatMap(({ rows }) => rows.map((row): string => row.profile));
  const chosen = profile ?? (measured.includes("gen-exact") ? "gen-exact" : measured[0]);
  const labels = evaluationLabels(evaluations);
  const kept = chosen === undefined ? [] : selectedRows(evaluations, { profiles: [chosen], metrics });
  // A metric that was asked for by name is wanted, also where it is a part of another.
  const wanted = (metric: string) => parts || metrics?.includes(metric) || !metric.includes("/");
  const rows = kept.flatMap(({ rows }, i) =>
    rows
      .filter(({ metric }) => wanted(metric))
      .map(({ metric, profile, comparable_group, edits, value, base, n, ci }) => ({
        ...{ editor: labels[i], metric, profile, comparable_group, edits, value, base, n, ci },
      })),
  );
  const facts = factsOf(evaluations, chosen);
  const what = `What stays as edits add up: after each number of edits, all cases edited so far are asked; ${devicesOf(evaluations)}`;
  return readCurves({
    version: 1,
    title: title ?? facts,
    subtitle: title === undefined ? what : `${facts}, ${devicesOf(evaluations)}`,
    notice: metricsPayload(evaluations).notice,
    profile: chosen ?? "",
    rows,
  });
}

/** "sequential edits: phantom on phantom/medmkeb, gen-exact, 100 cases, seed 0", with a range where editors were given different numbers. */
function factsOf(evaluations: readonly Evaluation[], profile: string | undefined): string {
  const all = (of: (evaluation: Evaluation) => string | number) => [...new Set(evaluations.map(of))].join(", ");
  const counts = evaluations.map(({ rows }) => Math.max(...rows.map(({ edits = 0 }) => edits)));
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const cases = `${least === most ? most : `${least} to ${most}`} ${most === 1 ? "case" : "cases"}`;
  const protocol = all((each) => each.protocol);
  const seeds = all((each) => each.seed);
  return (
    `${protocol.charAt(0).toUpperCase()}${protocol.slice(1)} edits: ${all(({ model }) => model)} on ${all(({ benchmark }) => benchmark)}, ` +
    `${profile}, ${cases}, seed ${seeds}`
  );
}

const devicesOf = (evaluations: readonly Evaluation[]): string =>
  [...new Set(evaluations.map(({ device }) => device.device))].join(", ");
