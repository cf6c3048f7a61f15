import { publishedTable, publishedTables } from "../../datasets/published/index.ts";
import { exportTable, TABLE_FORMATS } from "../evaluation/tables/index.ts";
import { readEvaluation } from "../evaluation/tables/read-evaluation.ts";
import { requireKnown } from "../nearest-name.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine } from "./options.ts";
import { writeResult } from "./write-result.ts";

const options = {
  format: { help: TABLE_FORMATS.join(", "), default: "md" },
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
    const format = requireKnown("format", given.format!, TABLE_FORMATS);
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
    await writeResult(
      await exportTable(evaluations, format, {
        ...{ published, metrics, profiles },
        ...{ baseline: given.baseline, transpose: given.transpose },
      }),
      given.out,
      context,
    );
  },
};

const listed = (names: string | undefined): string[] | undefined =>
  names
    ?.split(",")
    .map((name) => name.trim())
    .filter(Boolean);
