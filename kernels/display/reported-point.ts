import { groupBy } from "../../datasets/group-by.ts";
import type { MetricCategory, MetricPanel } from "./panels.ts";

/** A published figure laid under a plot. Never measured here, and drawn on an axis only where it was scored the same way. */
export interface ReportedPoint {
  /** Method, and what sets it apart: "MSCKE (BLIP-2 OPT)". */
  label: string;
  metric: string;
  /** The figure as printed, with its unit. */
  text: string;
  mark: "reported" | "derived" | "unconfirmed";
  source: string;
  conditions: string;
  /** What sets it apart from the rest of its table. */
  note?: string;
  /** In the unit of the plot's rows; with profile and group it may stand on their axis. */
  value?: number;
  profile?: string;
  comparable_group?: string;
}

/** A point that has its place on the axis of a category. */
export type PlacedPoint = ReportedPoint & { value: number };

/** The points that may stand beside the bars of a category: same metric, profile and comparable group. */
export const reportedBeside = (
  category: Pick<MetricCategory, "metric" | "comparable_group">,
  profile: string,
  points: readonly ReportedPoint[] = [],
): PlacedPoint[] =>
  points.filter(
    (point): point is PlacedPoint =>
      point.value !== undefined &&
      point.metric === category.metric &&
      point.profile === profile &&
      point.comparable_group === category.comparable_group,
  );

/** Whether any point has its place on an axis of these panels. */
export const anyBeside = (panels: readonly MetricPanel[], points?: readonly ReportedPoint[]): boolean =>
  panels.some(({ profile, categories }) =>
    categories.some((category) => reportedBeside(category, profile, points).length > 0),
  );

/** What a placed point says when pointed at. */
export const pointWords = (point: ReportedPoint): string =>
  `reported: ${point.label}, ${figureWords(point)} (${point.mark === "reported" ? "" : `${point.mark}, `}${point.source})`;

const figureWords = ({ metric, text }: ReportedPoint): string => `${metric.replaceAll("-", " ")} ${text}`;

/** All points in words, a paragraph for each source and its conditions. */
export function reportedParagraphs(points: readonly ReportedPoint[] = []): string[] {
  const keys = [...new Set(points.map(({ source, conditions }) => `${source}\n${conditions}`))];
  return keys.map((key) => {
    const own = points.filter(({ source, conditions }) => `${source}\n${conditions}` === key);
    const [{ source, conditions }] = own;
    const marks = [...new Set(own.map(({ mark }) => mark))];
    const figures = [...groupBy(own, ({ label, note = "" }) => `${label}${note && ` (${note})`}`)].map(
      ([label, points]) =>
        `${label}: ` +
        points
          .map(
            (point) => figureWords(point) + (marks.length > 1 && point.mark !== "reported" ? ` (${point.mark})` : ""),
          )
          .join(", "),
    );
    const trust = marks.length === 1 && marks[0] !== "reported" ? ` (${marks[0]})` : "";
    return `Reported${trust}, not measured here. ${source}. ${conditions}. ${figures.join("; ")}.`;
  });
}
