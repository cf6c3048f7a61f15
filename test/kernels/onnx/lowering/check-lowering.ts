import { expect } from "chai";
import { cotangentName, gradientGraph, gradientName, lift, trace } from "../../../../kernels/onnx/index.ts";
import { lower } from "../../../../kernels/onnx/lowering/index.ts";
import { fusedOp } from "../../../../kernels/onnx/lowering/fused-op.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { largest, relativeError } from "../near.ts";
import { openGraph, runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";
import { feedsOf, fusedModel, outputNames, targetsOf } from "./lowering-case.ts";
import type { LoweringCase, Sizes } from "./lowering-case.ts";

const DIRECTIONS = 3;
const STEP = 0.04;
const floats = (tensor: Tensor) => Array.from(tensor.data as Float32Array);
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const norm = (a: readonly number[]) => Math.sqrt(dot(a, a));

/** Largest error of the lowered forward, relative to the output's largest value, over all runs and outputs. */
export async function checkForward(test: LoweringCase): Promise<number> {
  const fused = fusedModel(test);
  const lowered = lower(fused);
  expect(
    lowered.graph.node.filter((node) => fusedOp(node) === test.op && node.domain === "com.microsoft"),
    "fused nodes left",
  ).to.deep.equal([]);
  const [wanted, got] = [await openGraph(fused), await openGraph(lowered)];
  try {
    const errors: number[] = [];
    for (const sizes of test.runs) {
      const feeds = feedsOf(test, sizes);
      const [a, b] = [await got.run(feeds), await wanted.run(feeds)];
      for (const name of outputNames(test).filter(Boolean)) {
        expect(a[name].type, name).to.equal(b[name].type);
        expect(a[name].dims, name).to.deep.equal(b[name].dims);
        const keep = (tensor: Tensor) => (name === "y0" ? specified(test, sizes, tensor) : tensor.data);
        errors.push(relativeError(keep(a[name]), keep(b[name])));
      }
    }
    return errors.some(Number.isNaN) ? NaN : largest(errors);
  } finally {
    await Promise.all([wanted.release(), got.release()]);
  }
}

/** The first output [batch, tokens, ...] without its unspecified places, which become 0. */
export function specified(test: LoweringCase, sizes: Sizes, tensor: Tensor, values = floats(tensor)): number[] {
  const [, tokens] = tensor.dims;
  const width = values.length / (tensor.dims[0] * tokens);
  return values.map((value, i) => {
    const row = Math.floor(i / width);
    return test.specified?.(sizes, Math.floor(row / tokens), row % tokens) === false ? 0 : value;
  });
}

/**
 * Largest error of directional derivatives over all runs and targets: gradient of the lowered graph against central differences of
 * the fused one in float32, extrapolated from two steps. Relative to the larger of the derivative and the gradient's norm times that
 * of the direction over the root of its size.
 */
export async function checkGradient(test: LoweringCase): Promise<number> {
  const targets = targetsOf(test);
  const weights = targets.filter((name) => test.inputs[Number(name.slice(1))].kind === "weight");
  const fused = lift(fusedModel(test), weights);
  const lowered = lower(fused);
  const outputs = outputNames(test).filter(Boolean);
  const allFeeds = (sizes: Sizes) => {
    const feeds = feedsOf(test, sizes);
    test.inputs.forEach((input, i) => {
      if (weights.includes(`x${i}`) && input.kind === "weight") feeds[`x${i}`] = input.tensor;
    });
    return feeds;
  };
  const traced = await trace(lowered, allFeeds(test.runs[0]), runGraph);
  const forward = await openGraph(fused);
  const backward = await openGraph(gradientGraph(lowered, { outputs, targets, trace: traced, keep: [] }));
  try {
    const errors: number[] = [];
    for (const sizes of test.runs) {
      const feeds = allFeeds(sizes);
      const cotangents: Record<string, Tensor> = {};
      for (const [name, value] of Object.entries(await forward.run(feeds))) {
        const weighting = seededValues("float32", value.dims, 1, 77);
        cotangents[name] = name === "y0" ? float32(specified(test, sizes, weighting), value.dims) : weighting;
      }
      const loss = async (moved: Record<string, Tensor>) => {
        const y = await forward.run(moved);
        return outputs.reduce((sum, name) => sum + dot(floats(y[name]), floats(cotangents[name])), 0);
      };
      const withCotangents = { ...feeds };
      for (const name of outputs) withCotangents[cotangentName(name)] = cotangents[name];
      const gradients = await backward.run(withCotangents);
      for (const name of targets) {
        const gradient = floats(gradients[gradientName(name)]);
        if (gradient.length === 0) continue;
        for (let k = 0; k < DIRECTIONS; k++) {
          const direction = floats(seededValues("float32", feeds[name].dims, 1, 900 + k));
          const at = (step: number) =>
            loss({
              ...feeds,
              [name]: float32(
                floats(feeds[name]).map((v, i) => v + step * direction[i]),
                feeds[name].dims,
              ),
            });
          const slope = async (step: number) => ((await at(step)) - (await at(-step))) / (2 * step);
          const numeric = (4 * (await slope(STEP / 2)) - (await slope(STEP))) / 3;
          const analytic = dot(gradient, direction);
          const scale = (norm(gradient) * norm(direction)) / Math.sqrt(gradient.length);
          errors.push(Math.abs(numeric - analytic) / Math.max(Math.abs(analytic), scale, 1e-3));
        }
      }
    }
    return errors.some(Number.isNaN) ? NaN : largest(errors);
  } finally {
    await Promise.all([forward.release(), backward.release()]);
  }
}
