import { UserFacingError } from "../errors.ts";
import { locateModel } from "../models/embedded-models.ts";
import { requireKnown } from "../nearest-name.ts";
import { DEVICES } from "../runtime/device.ts";
import { Runtime } from "../runtime/runtime.ts";
import type { Command } from "./command.ts";
import { BOUND, checkGraph } from "./grad-check/check-graph.ts";
import type { TargetResult } from "./grad-check/check-graph.ts";
import { graphFiles, graphName, openGraph } from "./model-graphs.ts";
import { COMMON, CommandLineError, readCommandLine, wholeNumber } from "./options.ts";
import { progressLine } from "./progress-line.ts";
import { textTable } from "./text-table.ts";

/** Cause: a gradient disagrees with differences of the forward graph, or could not be checked. Handled by: whoever owns the rule; the report names the target. */
export class GradientCheckFailedError extends UserFacingError {}

const options = {
  targets: {
    help: "what to differentiate, by commas: site ids, input names, side:SITE:A; all inputs and weights if left out",
  },
  device: { help: "cpu or webgpu", default: "cpu" },
  seed: { help: "seed of inputs and directions", default: "0" },
  directions: { help: "random directions a target", default: "2" },
  json: { help: "print one JSON document", flag: true },
  ...COMMON,
} as const;

interface GraphResult {
  graph: string;
  targets: TargetResult[];
}

export const gradCheckCommand: Command = {
  usage: "medke grad-check MODEL [--targets ID,...] [--device cpu|webgpu] [--seed N] [--json]",
  summary: `Compares gradients with central differences in float32, along random directions, for every graph of an embedded model or a model folder, or for one .onnx file. Fails above a relative error of ${BOUND}.`,
  options,
  async run(args, { out, progress, signal }) {
    const { options: given, positionals } = readCommandLine(args, options);
    const [named, ...rest] = positionals;
    if (!named || rest.length)
      throw new CommandLineError("Give one model, model folder or .onnx file, for example medke grad-check phantom.");
    const { path } = locateModel(named);
    const device = requireKnown("device", given.device!, DEVICES);
    const seed = wholeNumber("seed", given.seed, 0);
    const directions = wholeNumber("directions", given.directions, 1);
    const files = graphFiles(path);
    const targets = given.targets?.split(",").map((id) => id.trim());
    if (targets && files.length > 1)
      throw new CommandLineError(
        `--targets needs one graph, and "${named}" holds ${files.length}. Give one of them, for example ${files[0]}.`,
      );
    const line = progressLine(progress);
    const runtime = await Runtime.start(device);
    const graphs: GraphResult[] = [];
    try {
      for (const file of files) {
        const graph = graphName(file, path);
        const onTarget = (id: string, done: number, total: number) => line.update(`${graph} ${id}`, done, total);
        const common = { seed, directions, where: file, signal, onTarget, ...(targets && { targets }) };
        graphs.push({ graph, targets: await checkGraph(runtime, await openGraph(file), common) });
      }
    } finally {
      line.end();
      await runtime.dispose();
    }
    const all = graphs.flatMap((graph) => graph.targets);
    const worst = Math.max(0, ...all.map((target) => target.worst?.error ?? 0));
    const failed = all.filter((target) => !passes(target)).map((target) => target.target);
    const report = { model: named, device: runtime.device, seed, bound: BOUND, worst, failed, graphs };
    out(given.json ? JSON.stringify(report, null, 2) : describe(graphs, worst));
    if (failed.length)
      throw new GradientCheckFailedError(
        `${named}: ${failed.length} of ${all.length} gradients fail the check (${failed.slice(0, 5).join(", ")}${failed.length > 5 ? ", …" : ""}). The report says why for each.`,
      );
  },
};

/** NaN passes no bound. */
const passes = ({ worst }: TargetResult) => worst !== undefined && worst.error <= BOUND;

/** Where differences themselves do not settle below the bound, they prove nothing against the gradient, and nothing for it. */
const verdict = (result: TargetResult) => {
  if (passes(result)) return "ok";
  const { error, uncertainty } = result.worst!;
  return uncertainty > error / 3 && uncertainty > BOUND ? "FAILS (differences too coarse to tell)" : "FAILS";
};

const describe = (graphs: readonly GraphResult[], worst: number) =>
  [
    ...graphs.map(({ graph, targets }) =>
      targets.length ? `${graph}\n${table(targets)}\n` : `${graph}: nothing to differentiate\n`,
    ),
    `worst relative error ${worst.toExponential(1)} (bound ${BOUND.toExponential(0)})`,
  ].join("\n");

const table = (targets: readonly TargetResult[]) =>
  textTable(
    ["target", "kind", "values", "worst error", "differences to", "step", "result"],
    targets.map(({ target, kind = "-", size, worst, error }) => [
      `  ${target}`,
      kind,
      size === undefined ? "-" : String(size),
      worst ? worst.error.toExponential(1) : "-",
      worst ? worst.uncertainty.toExponential(1) : "-",
      worst ? worst.step.toExponential(1) : "-",
      error ? `${error.name}: ${error.message}` : verdict({ target, worst }),
    ]),
  );
