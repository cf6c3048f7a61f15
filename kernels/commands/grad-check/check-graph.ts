import { isUserFacing, throwIfCancelled } from "../../errors.ts";
import { isFloat } from "../../onnx/element-type.ts";
import type { RuleTable } from "../../onnx/gradients/index.ts";
import type { OnnxModel } from "../../onnx/graph.ts";
import { findSites } from "../../onnx/sites.ts";
import { dataInputs } from "../../onnx/sites/graph-view.ts";
import { declared } from "../../onnx/values.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { checkTarget, NotCheckableError } from "./check-target.ts";
import type { DirectionCheck } from "./check-target.ts";
import type { Target } from "./target.ts";
import { randomFeeds } from "./random-feeds.ts";
import { defaultTargets, namedTargets, targetChoices } from "./target.ts";

/** Largest relative error that passes. */
export const BOUND = 1e-3;

export interface TargetResult {
  target: string;
  kind?: string;
  /** Number of values that are differentiated. */
  size?: number;
  /** Worst over all directions; absent where an error stopped the check. */
  worst?: DirectionCheck;
  directions?: DirectionCheck[];
  /** Why there is no result. */
  error?: { name: string; message: string };
}

export interface GraphCheckOptions {
  seed: number;
  directions: number;
  /** Ids of targets; all inputs and weights when left out. */
  targets?: readonly string[];
  where: string;
  rules?: RuleTable;
  signal?: AbortSignal;
  onTarget?: (id: string, done: number, total: number) => void;
}

// prettier-ignore
const KINKED = new Set(["Abs", "Clip", "HardSigmoid", "HardSwish", "LeakyRelu", "Max", "MaxPool", "Min", "PRelu", "ReduceMax", "ReduceMin", "Relu", "ThresholdedRelu"]);
// Every step moves some values across a kink, and differences are off by an amount of random sign: many inputs let these average out.
const SAMPLES = 24;

/** Whether kinks lie between a target and the outputs. */
function isKinked({ model, input }: Target): boolean {
  const reached = new Set([input]);
  for (const node of model.graph.node) {
    // Shapes are no activations: the Min and Max that make masks from them count for nothing.
    if (!dataInputs(node).some((name) => reached.has(name))) continue;
    if (KINKED.has(node.opType)) return true;
    for (const output of node.output) if (output) reached.add(output);
  }
  return false;
}

/**
 * Checks the gradients of one graph. A failure of one target (a missing rule, a form that cannot be differentiated) is its result and
 * does not stop the others.
 *
 * Throws: UnknownNameError for a target that the graph does not have; RandomFeedError; CancelledError.
 */
export async function checkGraph(
  runtime: Runtime,
  model: OnnxModel,
  options: GraphCheckOptions,
): Promise<TargetResult[]> {
  const { seed, directions, where, signal } = options;
  const sites = findSites(model);
  const feeds = randomFeeds(model, sites, seed);
  const choices = targetChoices(model, sites, feeds, seed);
  const chosen = options.targets ? namedTargets(choices, options.targets) : defaultTargets(choices);
  const outputs = model.graph.output
    .filter((output) => !/^present/.test(output.name) && isFloat(declared(output).type ?? "float32"))
    .map((output) => output.name);
  const results: TargetResult[] = [];
  for (const [i, { id, make }] of chosen.entries()) {
    options.onTarget?.(id, i, chosen.length);
    try {
      if (outputs.length === 0) throw new NotCheckableError(`${where}: it has no float output. Check another graph.`);
      const target = make();
      const step = () => throwIfCancelled(signal, "gradient check");
      const kinked = isKinked(target);
      const further = Array.from({ length: kinked ? SAMPLES - 1 : 0 }, (_, k) =>
        randomFeeds(model, sites, seed + 32452843 * (k + 1)),
      );
      const checks = await checkTarget(runtime, target, [feeds, ...further], {
        ...options,
        outputs,
        kinked,
        seed: seed + 15485863 * (i + 1),
        directions,
        step,
      });
      const worst = checks.reduce((a, b) => (b.error <= a.error ? a : b));
      results.push({ target: id, kind: target.kind, size: target.value.data.length, worst, directions: checks });
    } catch (error) {
      throwIfCancelled(signal, "gradient check");
      if (!isUserFacing(error)) throw error;
      results.push({ target: id, error: { name: error.name, message: error.message } });
    }
  }
  return results;
}
