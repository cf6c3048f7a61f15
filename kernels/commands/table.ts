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
  baseline: { help: "editor that daggers refer to (default: the best of each column)" },
  published: {
    help: `published tables to lay beside the results, separated by commas: ${publishedTables.map(({ id }) => id).join(", ")}`,
  },
  ...COMMON,
} as const;

export const tableCommand: Command = {
  usage:
    "medke table RESULTS.json... [--format csv|parquet|json|md|latex] [--out FILE] [--baseline EDITOR] [--published ID]",
  summary: "Makes one table of results that medke evaluate --json wrote.",
  options,
  async run(args, context) {
    const { options: given, positionals } = readCommandLine(args, options);
    const format = requireKnown("format", given.format!, TABLE_FORMATS);
    const published = (given.published?.split(",") ?? []).map((id) => publishedTable(id.trim()));
    if (!positionals.length && !published.length)
      throw new CommandLineError(
        "table takes result files. Write for example: medke table ft-llm.json ike.json --format latex --out table.tex.",
      );
    if (format === "parquet" && given.out === undefined)
      throw new CommandLineError("--out is missing: parquet is binary. Add for example --out results.parquet.");
    const evaluations = await Promise.all(positionals.map(readEvaluation));
    await writeResult(
      await exportTable(evaluations, format, { published, baseline: given.baseline }),
      given.out,
      context,
    );
  },
};
