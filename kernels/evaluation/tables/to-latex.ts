import { groupBy } from "../../../datasets/group-by.ts";
import type { PublishedTable } from "../../../datasets/published/index.ts";
import { escapeLatex as escape } from "./escape-latex.ts";
import { publishedGrid } from "./published-grid.ts";
import { agreed, captionOf, headOf, legendOf, number, type WideTable } from "./wide-table.ts";

/** Results, then published tables with captions of their own, as LaTeX `table` environments; the preamble needs `\usepackage{booktabs}`. */
export function toLatex(tables: readonly WideTable[], published: readonly PublishedTable[] = []): string {
  const parts = [...tables.map(measured), ...published.map(reported)];
  return `% Needs \\usepackage{booktabs} in the preamble.\n${parts.join("\n")}`;
}

function measured(table: WideTable): string {
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
  const rows = table.rows.map(({ label, cells }) => [
    escape(label),
    ...cells.map((cell) => {
      if (!cell) return "";
      const value = cell.best ? `\\textbf{${number(cell.value)}}` : number(cell.value);
      return `${value}${cell.dagger ? "$^{\\dagger}$" : ""} {\\scriptsize [${cell.ci.map(number).join(", ")}]}`;
    }),
  ]);
  const base = ["base model", ...table.columns.map((column) => agreed(column.base, number))];
  const n = ["$n$", ...table.columns.map((column) => agreed(column.n, String))];
  return environment({
    caption: `${captionOf(table)}. ${legendOf(table)} ${table.notice}`,
    columns: table.columns.length,
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

function reported(table: PublishedTable): string {
  const { title, head, rows, origin } = publishedGrid(table);
  return environment({
    caption: `${title}. ${origin}`,
    columns: table.columns.length,
    lines: [...lineOf(head.map(escape)), "\\midrule", ...rows.flatMap((row) => lineOf(row.map(escape)))],
  });
}

const lineOf = (cells: readonly string[]): string[] => [`${cells.join(" & ")} \\\\`];

function environment({ caption, columns, lines }: { caption: string; columns: number; lines: string[] }): string {
  return [
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${escape(caption)}}`,
    `  \\begin{tabular}{l${"r".repeat(columns)}}`,
    ...["\\toprule", ...lines, "\\bottomrule"].map((line) => `    ${line}`),
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}
