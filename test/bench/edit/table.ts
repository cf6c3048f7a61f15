import type { EditorResult, MeasuredEdit } from "./result.ts";

/** One line of the table; times in seconds, memory in MiB. */
export interface EditRow {
  editor: string;
  /** Median, fastest and slowest edit. */
  median: number;
  min: number;
  max: number;
  edits: number;
  /** Means an edit. */
  forward: number;
  backward: number;
  /** Time of all edits over their floors; undefined where no pass was run. */
  ratio?: number;
  /** The same of processor time. */
  cpuRatio?: number;
  /** Shares of the time: waiting for the decoder, for other graphs, and neither. */
  shares: { decoder: number; other: number; between: number };
  warmUp: number;
  loaded: number;
  peak: number;
  reported?: EditorResult["reported"];
}

/** Sums up the edits of one editor. */
export function rowOf({ editor, edits, warmUp, loaded, peak, reported }: EditorResult): EditRow {
  const sum = (pick: (edit: MeasuredEdit) => number) => edits.reduce((all, edit) => all + pick(edit), 0);
  const times = edits.map(({ seconds }) => seconds).sort((a, b) => a - b);
  const [seconds, floor] = [sum((edit) => edit.seconds), sum((edit) => edit.floor)];
  const cpuRatio = sum((edit) => edit.cpu) / sum((edit) => edit.cpuFloor);
  const [decoder, other] = [sum((edit) => edit.decoder), sum((edit) => edit.other)].map((part) => part / seconds);
  return {
    editor,
    median: (times[(times.length - 1) >> 1] + times[times.length >> 1]) / 2,
    min: times[0],
    max: times.at(-1)!,
    edits: edits.length,
    forward: sum((edit) => edit.forward) / edits.length,
    backward: sum((edit) => edit.backward) / edits.length,
    ...(floor > 0 && { ratio: seconds / floor, cpuRatio }),
    shares: { decoder, other, between: Math.max(0, 1 - decoder - other) },
    warmUp,
    loaded,
    peak,
    ...(reported && { reported }),
  };
}

const HEADERS = ["editor", "s/edit", "min", "max", "n", "fwd", "bwd", "ratio", "by CPU", "decoder", "other", "between", "first s", "MB loaded", "MB peak", "reported s"]; // prettier-ignore

/** The table as lines of text: columns as wide as they must be, numbers to the right. */
export function tableLines(rows: readonly EditRow[]): string[] {
  const cells = [HEADERS, ...rows.map(cellsOf)];
  const widths = HEADERS.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells.map((line) =>
    line
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

function cellsOf(row: EditRow): string[] {
  const { editor, median, min, max, edits, forward, backward, shares, warmUp, loaded, peak, reported } = row;
  const time = (seconds: number) => (seconds < 0.0995 ? seconds.toFixed(4) : seconds.toFixed(2));
  const count = (passes: number) => (Number.isInteger(passes) ? String(passes) : passes.toFixed(1));
  const percent = (share: number) => `${Math.round(100 * share)}%`;
  return [
    editor,
    ...[median, min, max].map(time),
    String(edits),
    count(forward),
    count(backward),
    ...[row.ratio, row.cpuRatio].map((ratio) => ratio?.toFixed(2) ?? "-"),
    ...[shares.decoder, shares.other, shares.between].map(percent),
    time(warmUp),
    ...[loaded, peak].map((size) => size.toFixed(0)),
    reported ? `${time(reported.seconds)} (${reported.what})` : "",
  ];
}
