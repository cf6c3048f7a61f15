import { compareEditors, type ComparisonRow, type EditorComparison } from "../evaluation/comparison/compare-editors.ts";
import { ComparisonError } from "../evaluation/comparison/comparison-error.ts";
import { exportComparison } from "../evaluation/tables/index.ts";
import { noticesOf } from "../evaluation/tables/notices.ts";
import { readEvaluation } from "../evaluation/tables/read-evaluation.ts";
import { requireKnown } from "../nearest-name.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine, wholeNumber } from "./options.ts";
import { textTable } from "./text-table.ts";
import { writeResult } from "./write-result.ts";

const FORMATS = ["text", "csv", "parquet", "json"] as const;

const options = {
  cluster: {
    help: "what makes cases depend on each other: record (their image or question) or case",
    default: "record",
  },
  baseline: { help: "compare every other editor with this one only (default: all pairs)" },
  seed: { help: "seed of the intervals", default: "0" },
  format: { help: FORMATS.join(", "), default: "text" },
  out: { help: "write into this file instead of printing" },
  ...COMMON,
} as const;

export const compareCommand: Command = {
  usage: "medke compare A.json B.json ... [--baseline EDITOR] [--format text|csv|parquet|json] [--out FILE]",
  summary: "Tests whether editors differ on the cases that their results of medke evaluate --json share.",
  options,
  async run(args, context) {
    const { options: given, positionals } = readCommandLine(args, options);
    const format = requireKnown("format", given.format!, FORMATS);
    const clustering = requireKnown("cluster", given.cluster!, ["record", "case"] as const);
    const seed = wholeNumber("seed", given.seed, 0);
    if (positionals.length < 2)
      throw new CommandLineError(
        `compare takes at least two result files, not ${positionals.length}. Write for example: medke compare ft-llm.json ike.json.`,
      );
    const evaluations = await Promise.all(positionals.map(readEvaluation));
    const comparison = compareEditors(evaluations, { clustering, seed, baseline: given.baseline });
    if (!comparison.rows.length)
      throw new ComparisonError(`there is nothing to compare. ${comparison.notes.join(" ")}`);
    if (format === "text") return writeResult(text(comparison, noticesOf(evaluations)), given.out, context);
    for (const note of comparison.notes) context.progress.write(`${note}\n`);
    await writeResult(await exportComparison(comparison, format), given.out, context);
  },
};

function text({ rows, notes }: EditorComparison, notices: readonly string[]): string {
  const head = [
    "metric",
    "profile",
    "A",
    "B",
    "A - B",
    "95% interval",
    "test",
    "p",
    "p Holm",
    "n",
    "effect",
    "detectable",
  ];
  const lines = rows.map((row) => [
    row.edits === undefined ? row.metric : `${row.metric} @${row.edits}`,
    row.profile,
    row.a,
    row.b,
    fixed(row.difference),
    row.lo === null ? "-" : `${fixed(row.lo)} to ${fixed(row.hi!)}`,
    row.test,
    probability(row.p),
    probability(row.p_holm),
    row.clusters === row.n ? String(row.n) : `${row.n} in ${row.clusters}`,
    effect(row),
    row.detectable === null ? "" : fixed(row.detectable),
  ]);
  const legend =
    "n: probes asked of both editors, and the clusters (images or questions) they come from. detectable: smallest difference found with power 0.8.";
  return [textTable(head, lines), "", legend, ...notes, "", ...notices].join("\n");
}

const fixed = (value: number) => value.toFixed(3);
const probability = (p: number) => (p < 0.0001 ? "<0.0001" : p.toFixed(4));
const effect = ({ cohens_h, rank_biserial }: ComparisonRow) =>
  cohens_h !== null ? `h ${cohens_h.toFixed(2)}` : `r ${rank_biserial!.toFixed(2)}`;
