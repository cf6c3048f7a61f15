import type { CurvesPayload } from "./curves.ts";
import { csvLines } from "./metrics-csv.ts";

const COLUMNS = ["editor", "metric", "profile", "comparable_group", "edits", "value", "base", "n", "ci_low", "ci_high"];

/** The points of curves as CSV (RFC 4180, header first, full precision), one line a point. */
export const curvesCsv = ({ rows }: CurvesPayload): string =>
  csvLines([
    COLUMNS,
    ...rows.map((row) => [
      ...[row.editor, row.metric, row.profile, row.comparable_group],
      ...[row.edits, row.value, row.base, row.n, ...(row.ci ?? ["", ""])],
    ]),
  ]);
