import type { AttributeValue } from "../../../../kernels/onnx/attributes.ts";
import {
  cotangentName,
  gradientGraph,
  gradientName,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  trace,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel, RuleTable } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { relativeError } from "../near.ts";
import { openGraph, runGraph } from "../run-graph.ts";
import { caseFeeds, product, RESIZES } from "./rule-case.ts";
import type { Resize, RuleCase } from "./rule-case.ts";

export interface RuleCheck {
  /** Largest relative error against central differences, over the traced shape and every resize. */
  differences: number;
  /** Largest relative error of the float32 gradient against the float64 one; 0 where only float32 exists. */
  singlePrecision: number;
}

type Type = "float64" | "float32";
const STEP = { float64: 1e-5, float32: 1e-2 };

/** Builds a one-node graph, differentiates it once, and compares at the traced shape and at every other. */
export async function checkRule(test: RuleCase, rules?: RuleTable): Promise<RuleCheck> {
  const type = test.type ?? "float64";
  const resizes: Resize[] = [{}, ...(test.resizes ?? RESIZES)];
  const main = await analytic(test, type, resizes, rules);
  const numeric = await numericGradients(test, type, resizes);
  const differences = worst(main, numeric);
  if (type === "float32") return { differences, singlePrecision: 0 };
  return { differences, singlePrecision: worst(await analytic(test, "float32", resizes, rules), main) };
}

/** Gradients for each resize: input name to values. */
type Gradients = Map<string, number[]>[];

const worst = (got: Gradients, wanted: Gradients) =>
  Math.max(
    ...wanted.flatMap((gradients, i) =>
      [...gradients].map(([name, values]) => nanIsWorst(relativeError(got[i].get(name)!, values))),
    ),
  );
const nanIsWorst = (error: number) => (Number.isNaN(error) ? Infinity : error);

export function graphOf(test: RuleCase, type: Type): OnnxModel {
  const names = test.inputs.map((input, i) => (input.kind === "absent" ? "" : `x${i}`));
  const outputs = outputNames(test);
  const feeds = caseFeeds(test);
  // A size of 1 is fixed, every other one varies.
  const inputs = Object.entries(feeds).map(([name, feed]) =>
    makeValueInfo(
      name,
      feed.type === "float64" ? type : feed.type,
      feed.dims.map((size) => (size === 1 ? 1 : undefined)),
    ),
  );
  return makeModel({
    nodes: [makeNode(test.op, names, outputs, attributesOf(test, type), "node under test")],
    inputs,
    outputs: outputs.map((name) => makeValueInfo(name)),
    initializers: test.inputs.flatMap((input, i) =>
      input.kind === "constant" ? [makeTensor(`x${i}`, input.tensor)] : [],
    ),
    opset: test.opset,
  });
}

/** Casting to float64 in the float32 graph would leave nothing of type float32 to compare. */
const attributesOf = (test: RuleCase, type: Type): Record<string, AttributeValue> =>
  test.op === "Cast" && type === "float32" && test.type !== "float32" ? { to: 1 } : (test.attributes ?? {});

const outputNames = (test: RuleCase) => Array.from({ length: test.outputs ?? 1 }, (_, i) => `y${i}`);
const usedOutputs = (test: RuleCase) => outputNames(test).filter((_, i) => test.used?.includes(i) ?? true);
const targetsOf = (test: RuleCase) => test.inputs.flatMap((input, i) => (input.kind === "float" ? [`x${i}`] : []));

export const inType = (type: Type, feeds: Record<string, Tensor>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, feed]) => [
      name,
      feed.type === "float64" && type === "float32"
        ? { ...feed, type, data: Float32Array.from(feed.data as Float64Array) }
        : feed,
    ]),
  );

/** A fixed, uneven weighting of an output's elements. */
const cotangent = (type: Type, dims: readonly number[], output: number): Tensor => {
  const values = Array.from({ length: product(dims) }, (_, i) => Math.cos(1.3 * i + output + 0.4));
  return { type, dims, data: type === "float64" ? Float64Array.from(values) : Float32Array.from(values) };
};

async function analytic(test: RuleCase, type: Type, resizes: Resize[], rules?: RuleTable): Promise<Gradients> {
  const model = graphOf(test, type);
  const traced = await trace(model, inType(type, caseFeeds(test)), runGraph);
  const targets = targetsOf(test);
  const used = usedOutputs(test);
  const forward = await openGraph(model);
  const backward = await openGraph(gradientGraph(model, { outputs: used, targets, trace: traced, rules, keep: [] }));
  try {
    const gradients: Gradients = [];
    for (const resize of resizes) {
      const feeds = inType(type, caseFeeds(test, resize));
      const y = await forward.run(feeds);
      for (const name of used)
        feeds[cotangentName(name)] = cotangent(y[name].type as Type, y[name].dims, Number(name.slice(1)));
      const results = await backward.run(feeds);
      gradients.push(
        new Map(targets.map((name) => [name, Array.from(results[gradientName(name)].data as Float64Array)])),
      );
      for (const name of targets) {
        const result = results[gradientName(name)];
        if (result.type !== type || String(result.dims) !== String(feeds[name].dims))
          throw new Error(
            `gradient of ${name} is ${result.type} [${result.dims}], its value is ${type} [${feeds[name].dims}]`,
          );
      }
    }
    return gradients;
  } finally {
    await forward.release();
    await backward.release();
  }
}

async function numericGradients(test: RuleCase, type: Type, resizes: Resize[]): Promise<Gradients> {
  const forward = await openGraph(graphOf(test, type));
  const loss = async (feeds: Record<string, Tensor>) => {
    const y = await forward.run(inType(type, feeds));
    return usedOutputs(test).reduce((sum, name) => {
      const weights = cotangent("float64", y[name].dims, Number(name.slice(1))).data as Float64Array;
      return sum + Array.from(y[name].data as Float64Array).reduce((total, value, i) => total + value * weights[i], 0);
    }, 0);
  };
  try {
    const gradients: Gradients = [];
    for (const resize of resizes) {
      const feeds = caseFeeds(test, resize);
      const result = new Map<string, number[]>();
      for (const name of targetsOf(test)) {
        const values = feeds[name].data as Float64Array;
        const slope: number[] = [];
        for (let i = 0; i < values.length; i++) {
          const at = async (shift: number) => {
            const data = Float64Array.from(values);
            data[i] += shift;
            return loss({ ...feeds, [name]: { ...feeds[name], data } });
          };
          slope.push(((await at(STEP[type])) - (await at(-STEP[type]))) / (2 * STEP[type]));
        }
        result.set(name, slope);
      }
      gradients.push(result);
    }
    return gradients;
  } finally {
    await forward.release();
  }
}
