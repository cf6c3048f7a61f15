import type { PublishedTable } from "../../../datasets/published/index.ts";
import { markdownTable } from "./markdown-table.ts";
import { publishedGrid } from "./published-grid.ts";
import {
  agreed,
  captionOf,
  headOf,
  legendOf,
  number,
  type PrintOptions,
  type WideCell,
  type WideTable,
} from "./wide-table.ts";

/** Results, then published tables under their own headings, as GitHub-flavoured Markdown. */
export function toMarkdown(
  tables: readonly WideTable[],
  published: readonly PublishedTable[] = [],
  { transpose = false, aligned = false }: PrintOptions = {},
): string {
  const grid = transpose ? acrossEditors : acrossMetrics;
  const print = ([head, ...rows]: string[][]) => markdownTable(head, rows, { aligned });
  const parts = tables.map((table) => measured(table, print(grid(table))));
  return `${[...parts, ...published.map((table) => reported(table, print))].join("\n\n")}\n`;
}

const measured = (table: WideTable, grid: string): string =>
  [
    `**${escape(captionOf(table))}**`,
    grid,
    escape(legendOf(table)),
    ...table.notes.map(escape),
    ...table.notices.map((notice) => `_${escape(notice)}_`),
  ].join("\n\n");

function acrossMetrics({ columns, rows }: WideTable): string[][] {
  const head = ["editor", ...columns.map((column) => `${escape(headOf(column))}<br>${escape(column.profile)}`)];
  return [
    head,
    ...rows.map(({ label, cells }) => [escape(label), ...cells.map(printed)]),
    ["base model", ...columns.map((column) => agreed(column.base, number))],
    ["n", ...columns.map((column) => agreed(column.n, String))],
  ];
}

function acrossEditors({ columns, rows }: WideTable): string[][] {
  const head = ["metric", "profile", ...rows.map(({ label }) => escape(label)), "base model", "n"];
  const lines = columns.map((column, i) => [
    ...[escape(headOf(column)), escape(column.profile)],
    ...rows.map(({ cells }) => printed(cells[i])),
    ...[agreed(column.base, number), agreed(column.n, String)],
  ]);
  return [head, ...lines];
}

function printed(cell: WideCell | undefined): string {
  if (!cell) return "";
  const value = `${cell.best ? `**${number(cell.value)}**` : number(cell.value)}${cell.dagger ? "†" : ""}`;
  return cell.ci ? `${value} [${cell.ci.map(number).join(", ")}]` : value;
}

function reported(table: PublishedTable, print: (grid: string[][]) => string): string {
  const { title, head, rows, origin } = publishedGrid(table);
  const escaped = [head, ...rows].map((row) => row.map(escape));
  return [`**${escape(title)}**`, print(escaped), escape(origin)].join("\n\n");
}

/** Names come from files: what Markdown would read as a mark is text. */
const escape = (text: string): string =>
  text.replace(/[\\`*_[\]<>|#~]/g, (c) => (c === "<" ? "&lt;" : `\\${c}`)).replace(/\s+/g, " ");
