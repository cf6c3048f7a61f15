import { groupBy } from "../../../datasets/group-by.ts";
import type { PublishedTable } from "../../../datasets/published/index.ts";
import { escapeLatex as escape } from "./escape-latex.ts";
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

/** Results, then published tables with captions of their own, as LaTeX `table` environments; the preamble needs `\usepackage{booktabs}`. */
export function toLatex(
  tables: readonly WideTable[],
  published: readonly PublishedTable[] = [],
  { transpose = false }: PrintOptions = {},
): string {
  const parts = [...tables.map(transpose ? acrossEditors : acrossMetrics), ...published.map(reported)];
  return `% Needs \\usepackage{booktabs} in the preamble.\n${parts.join("\n")}`;
}

function acrossMetrics(table: WideTable): string {
  const profiles = [...groupBy(table.columns, ({ profile }) => profile)].map(([profile, own]) => ({
    profile,
    size: own.length,
  }));
  let from = 2;
  const rules = profiles.map(({ size }) => {
    const rule = `\\cmidrule(lr){${from}-${from + size - 1}}`;
    from += size;
    return rule;
  });
  const rows = table.rows.map(({ label, cells }) => [escape(label), ...cells.map(printed)]);
  const base = ["base model", ...table.columns.map((column) => agreed(column.base, number))];
  const n = ["$n$", ...table.columns.map((column) => agreed(column.n, String))];
  return environment({
    caption: words(table),
    columns: `l${"r".repeat(table.columns.length)}`,
    lines: [
      ...lineOf(["", ...profiles.map(({ profile, size }) => `\\multicolumn{${size}}{c}{${escape(profile)}}`)]),
      rules.join(" "),
      ...lineOf(["editor", ...table.columns.map((column) => escape(headOf(column)))]),
      "\\midrule",
      ...rows.flatMap(lineOf),
      "\\midrule",
      ...lineOf(base),
      ...lineOf(n),
    ],
  });
}

function acrossEditors(table: WideTable): string {
  const profiles = groupBy(
    table.columns.map((column, i) => ({ column, i })),
    ({ column }) => column.profile,
  );
  const groups = [...profiles].map(([profile, own]) =>
    own.flatMap(({ column, i }, at) =>
      lineOf([
        ...[at ? "" : escape(profile), escape(headOf(column))],
        ...table.rows.map(({ cells }) => printed(cells[i])),
        ...[agreed(column.base, number), agreed(column.n, String)],
      ]),
    ),
  );
  return environment({
    caption: words(table),
    columns: `ll${"r".repeat(table.rows.length + 2)}`,
    lines: [
      ...lineOf(["profile", "metric", ...table.rows.map(({ label }) => escape(label)), "base model", "$n$"]),
      ...groups.flatMap((lines) => ["\\midrule", ...lines]),
    ],
  });
}

const words = (table: WideTable): string =>
  [`${captionOf(table)}.`, legendOf(table), ...table.notes, ...table.notices].join(" ");

function printed(cell: WideCell | undefined): string {
  if (!cell) return "";
  const value = cell.best ? `\\textbf{${number(cell.value)}}` : number(cell.value);
  const interval = cell.ci ? ` {\\scriptsize [${cell.ci.map(number).join(", ")}]}` : "";
  return `${value}${cell.dagger ? "$^{\\dagger}$" : ""}${interval}`;
}

function reported(table: PublishedTable): string {
  const { title, head, rows, origin } = publishedGrid(table);
  return environment({
    caption: `${title}. ${origin}`,
    columns: `l${"r".repeat(table.columns.length)}`,
    lines: [...lineOf(head.map(escape)), "\\midrule", ...rows.flatMap((row) => lineOf(row.map(escape)))],
  });
}

const lineOf = (cells: readonly string[]): string[] => [`${cells.join(" & ")} \\\\`];

function environment({ caption, columns, lines }: { caption: string; columns: string; lines: string[] }): string {
  return [
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${escape(caption)}}`,
    `  \\begin{tabular}{${columns}}`,
    ...["\\toprule", ...lines, "\\bottomrule"].map((line) => `    ${line}`),
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}
