import { extname } from "node:path";
import { curvesCsv } from "../display/curves-csv.ts";
import { curvesPayload } from "../display/curves-plot.ts";
import { curvesSvg } from "../display/curves-svg.ts";
import { curvesText } from "../display/curves-text.ts";
import { metricsCsv } from "../display/metrics-csv.ts";
import { metricsPayload } from "../display/metrics-plot.ts";
import { metricsSvg } from "../display/metrics-svg.ts";
import { metricsText } from "../display/metrics-text.ts";
import { rasterise } from "../display/rasterise.ts";
import { readMetrics } from "../display/read-metrics.ts";
import { evaluationLabels } from "../evaluation/comparison/evaluation-labels.ts";
import type { Evaluation } from "../evaluation/result.ts";
import { readEvaluation } from "../evaluation/tables/read-evaluation.ts";
import { selectedRows } from "../evaluation/tables/selected-rows.ts";
import { requireKnown } from "../nearest-name.ts";
import type { Command } from "./command.ts";
import { COMMON, CommandLineError, readCommandLine } from "./options.ts";
import { writeResult } from "./write-result.ts";

const KINDS = [".svg", ".png", ".csv"] as const;

const options = {
  out: { help: "file to draw into, .svg or .png, or .csv for its numbers (default: print them as text)" },
  profile: { help: "scoring profile to draw (default: all; of curves gen-exact, else the first)" },
  metrics: { help: "metrics to draw, separated by commas, in this order (default: all)" },
  title: { help: "title of the plot" },
  ...COMMON,
} as const;

export const plotCommand: Command = {
  usage:
    "medke plot RESULTS.json... [--out FILE.svg|FILE.png|FILE.csv] [--profile NAME] [--metrics A,B] [--title TEXT]",
  summary:
    "Draws results that medke evaluate --json wrote: editors side by side, or with protocol sequential curves over the number of edits.",
  options,
  async run(args, context) {
    const { options: given, positionals } = readCommandLine(args, options);
    const kind = given.out === undefined ? undefined : extname(given.out).toLowerCase();
    if (kind !== undefined) requireKnown("kind of picture", kind, KINDS);
    if (!positionals.length)
      throw new CommandLineError(
        "plot takes result files. Write for example: medke plot ft-llm.json ike.json --out plot.svg.",
      );
    const metrics = given.metrics
      ?.split(",")
      .map((name) => name.trim())
      .filter(Boolean);
    if (metrics?.length === 0)
      throw new CommandLineError(
        "--metrics: no name is given. Write them with commas between, or leave --metrics out.",
      );
    const evaluations = await Promise.all(positionals.map(readEvaluation));
    const choice = { title: given.title, profile: given.profile, metrics };
    const plot = evaluations.some(hasCheckpoints) ? curves(evaluations, choice) : bars(evaluations, choice);
    await writeResult(await inKind(plot, kind), given.out, context);
  },
};

interface Choice {
  title?: string;
  profile?: string;
  metrics?: readonly string[];
}

interface Plot {
  svg(): string | Promise<string>;
  csv(): string;
  text(): string;
}

const hasCheckpoints = ({ rows }: Evaluation) => rows.some(({ edits }) => edits !== undefined);

function curves(evaluations: readonly Evaluation[], choice: Choice): Plot {
  const payload = curvesPayload(evaluations, choice);
  return { svg: () => curvesSvg(payload), csv: () => curvesCsv(payload), text: () => curvesText(payload) };
}

function bars(evaluations: readonly Evaluation[], { title, profile, metrics }: Choice): Plot {
  const labels = evaluationLabels(evaluations);
  const kept = selectedRows(evaluations, { metrics, profiles: profile === undefined ? undefined : [profile] });
  const named = kept.map((each, i) => ({ ...each, editor: labels[i] }));
  const parts = metrics?.some((name) => name.includes("/"));
  const payload = readMetrics(metricsPayload(named, title, [], parts));
  return { svg: () => metricsSvg(payload), csv: () => metricsCsv(payload), text: () => metricsText(payload) };
}

async function inKind(plot: Plot, kind: string | undefined): Promise<string | Uint8Array> {
  if (kind === ".csv") return plot.csv();
  if (kind === undefined) return plot.text();
  const svg = await plot.svg();
  return kind === ".png" ? Buffer.from(await rasterise(svg), "base64") : svg;
}
