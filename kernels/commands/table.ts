import { publishedTable, publishedTables } from "../../datasets/published/index.ts";
import type { Evaluation } from "../evaluation/result.ts";
import { exportTable, TABLE_FORMATS, type TableOptions } from "../evaluation/tables/index.ts";
import { readEvaluation } from "../evaluation/tables/read-evaluation.ts";
import { requireKnown } from "../nearest-name.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine } from "./options.ts";
import { terminalWidth } from "./terminal-width.ts";
import { writeResult } from "./write-result.ts";

const options = {
  format: {
    help: `${TABLE_FORMATS.join(", ")} (default md; printed without this option, its columns are aligned, and metrics go down where the table would be wider than the terminal, or than 100 characters elsewhere)`,
  },
  out: { help: "write into this file instead of printing" },
  metrics: {
    help: "metrics to show, separated by commas, in this order (default: all), such as reliability,portability",
  },
  profiles: { help: "scoring profiles to show, separated by commas, in this order (default: all)" },
  transpose: { help: "md and latex: metrics down and editors across, which is narrower", flag: true },
  baseline: { help: "editor that daggers refer to (default: the best one for each metric)" },
  published: {
    help: `published tables to lay beside the results, separated by commas: ${publishedTables.map(({ id }) => id).join(", ")}`,
  },
  ...COMMON,
} as const;

export const tableCommand: Command = {
  usage:
    "medke table RESULTS.json... [--format csv|parquet|json|md|latex] [--out FILE] [--metrics A,B] [--profiles P,Q] [--transpose] [--baseline EDITOR] [--published ID]",
  summary: "Makes one table of results that medke evaluate --json wrote.",
  options,
  async run(args, context) {
    const { options: given, positionals } = readCommandLine(args, options);
    const format = requireKnown("format", given.format ?? "md", TABLE_FORMATS);
    const published = (listed(given.published) ?? []).map(publishedTable);
    const [metrics, profiles] = [listed(given.metrics), listed(given.profiles)];
    for (const [name, names] of Object.entries({ metrics, profiles }))
      if (names?.length === 0)
        throw new CommandLineError(
          `--${name}: no name is given. Write them with commas between, or leave --${name} out.`,
        );
    if (!positionals.length && !published.length)
      throw new CommandLineError(
        "table takes result files. Write for example: medke table ft-llm.json ike.json --format latex --out table.tex.",
      );
    if (format === "parquet" && given.out === undefined)
      throw new CommandLineError("--out is missing: parquet is binary. Add for example --out results.parquet.");
    if (given.transpose && format !== "md" && format !== "latex")
      throw new CommandLineError(
        `--transpose: ${format} has a row for each number, so there is nothing to turn. Leave it out, or take --format md or latex.`,
      );
    const evaluations = await Promise.all(positionals.map(readEvaluation));
    const choice = { published, metrics, profiles, baseline: given.baseline };
    const asUsual = given.format === undefined && given.out === undefined && !given.transpose;
    const table = asUsual
      ? await toRead(evaluations, choice)
      : await exportTable(evaluations, format, { ...choice, transpose: given.transpose });
    await writeResult(table, given.out, context);
  },
};

/** The table as it fits the terminal: editors down, or metrics down where that is narrower and needed. */
async function toRead(evaluations: readonly Evaluation[], options: TableOptions): Promise<string> {
  const [upright, turned] = await Promise.all(
    [false, true].map(async (transpose) =>
      String(await exportTable(evaluations, "md", { ...options, transpose, aligned: true })),
    ),
  );
  return widest(upright) <= Math.max(terminalWidth(), widest(turned)) ? upright : turned;
}

/** Of its tables; text around them wraps. */
const widest = (markdown: string): number =>
  Math.max(0, ...markdown.split("\n").map((line) => (line.startsWith("|") ? line.length : 0)));

const listed = (names: string | undefined): string[] | undefined =>
  names
    ?.split(",")
    .map((name) => name.trim())
    .filter(Boolean);
