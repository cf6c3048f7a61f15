import { figuresOf, type PublishedFigure, publishedTable, publishedText } from "../../datasets/published/index.ts";
import type { ReportedPoint } from "./reported-point.ts";

/**
 * Figures of a published table for the `reported` option of `metricsPlot`, all or those that `keep` chooses.
 *
 * Only figures whose source states how it scored get a place on an axis; percentages become fractions there. The others are listed.
 * Throws: UnknownNameError with the nearest known table.
 */
export const reportedPoints = (
  table: string,
  keep: (figure: PublishedFigure) => boolean = () => true,
): ReportedPoint[] =>
  figuresOf(publishedTable(table))
    .filter(keep)
    .map((figure) => {
      const { label, setting, metric, column, unit, mark, source, conditions, note, profile, comparable_group, value } =
        figure;
      const printed = publishedText(figure);
      const scale = unit === "%" ? 100 : unit === "fraction" ? 1 : undefined;
      const placed = typeof value === "number" && scale !== undefined && comparable_group !== undefined;
      return {
        label: setting === undefined ? label : `${label} (${setting})`,
        metric: metric ?? column,
        text: unit === "fraction" ? printed : `${printed}${unit === "%" ? "" : " "}${unit}`,
        mark,
        source,
        conditions,
        ...(note === undefined ? {} : { note }),
        ...(placed ? { value: Number((value / scale).toPrecision(12)), profile, comparable_group } : {}),
      };
    });
