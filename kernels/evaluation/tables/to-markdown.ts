import type { PublishedTable } from "../../../datasets/published/index.ts";
import { markdownTable } from "./markdown-table.ts";
import { publishedGrid } from "./published-grid.ts";
import { agreed, captionOf, headOf, legendOf, number, type WideTable } from "./wide-table.ts";

/** Results, then published tables under their own headings, as GitHub-flavoured Markdown. */
export function toMarkdown(tables: readonly WideTable[], published: readonly PublishedTable[] = []): string {
  return `${[...tables.map(measured), ...published.map(reported)].join("\n\n")}\n`;
}

function measured(table: WideTable): string {
  const head = ["editor", ...table.columns.map((column) => `${escape(headOf(column))}<br>${escape(column.profile)}`)];
  const rows = table.rows.map(({ label, cells }) => [
    escape(label),
    ...cells.map((cell) => {
      if (!cell) return "";
      const value = cell.best ? `**${number(cell.value)}**` : number(cell.value);
      return `${value}${cell.dagger ? "†" : ""} [${cell.ci.map(number).join(", ")}]`;
    }),
  ]);
  const base = ["base model", ...table.columns.map((column) => agreed(column.base, number))];
  const n = ["n", ...table.columns.map((column) => agreed(column.n, String))];
  return [
    `**${escape(captionOf(table))}**`,
    markdownTable(head, [...rows, base, n]),
    escape(legendOf(table)),
    `_${escape(table.notice)}_`,
  ].join("\n\n");
}

function reported(table: PublishedTable): string {
  const { title, head, rows, origin } = publishedGrid(table);
  const escaped = rows.map((row) => row.map(escape));
  return [`**${escape(title)}**`, markdownTable(head.map(escape), escaped), escape(origin)].join("\n\n");
}

/** Names come from files: what Markdown would read as a mark is text. */
const escape = (text: string): string =>
  text.replace(/[\\`*_[\]<>|#~]/g, (c) => (c === "<" ? "&lt;" : `\\${c}`)).replace(/\s+/g, " ");
