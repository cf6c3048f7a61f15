import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  dense,
  denseInputName,
  exampleFeeds,
  findSites,
  gradientGraph,
  inferTrace,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  readModel,
  trace,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { asFloat64 } from "../as-float64.ts";
import { expectNear, largest } from "../near.ts";
import { openGraph, runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const DECODER = "models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx";

const double = (dims: number[], scale: number, seed: number) => seededValues("float64", dims, scale, seed);

/** Products of the Hessian with random vectors, for all targets at once, against central differences of the gradients. */
async function expectHessianProduct(
  model: OnnxModel,
  targets: string[],
  example: Record<string, Tensor>,
  feeds: Record<string, Tensor>,
  step: number,
  bound: "differenceFloat64" | "model",
) {
  const once = gradientGraph(model, { loss: "loss", targets, trace: await trace(model, example, runGraph) });
  const gradients = targets.map((target) => `grad:${target}`);
  const twice = gradientGraph(once, {
    outputs: gradients,
    targets,
    trace: await trace(once, example, runGraph),
    name: (target) => `hvp:${target}`,
  });
  const v = Object.fromEntries(targets.map((target, i) => [target, double([...feeds[target].dims], 1, 40 + i)]));
  const cotangents = Object.fromEntries(targets.map((target) => [`cotangent:grad:${target}`, v[target]]));
  const products = await runGraph(twice, { ...feeds, ...cotangents });
  const graph = await openGraph(once);
  try {
    const at = async (shift: number) => {
      const moved = targets.map((target) => {
        const direction = v[target].data as Float64Array;
        const data = (feeds[target].data as Float64Array).map((value, i) => value + shift * direction[i]);
        return [target, { ...feeds[target], data }];
      });
      return graph.run({ ...feeds, ...Object.fromEntries(moved) });
    };
    const [up, down] = [await at(step), await at(-step)];
    for (const target of targets) {
      const below = down[`grad:${target}`].data as Float64Array;
      const slope = Array.from(
        up[`grad:${target}`].data as Float64Array,
        (value, i) => (value - below[i]) / (2 * step),
      );
      expect(largest(slope), target).to.be.above(1e-4);
      expectNear(products[`hvp:${target}`].data, slope, bound, target);
    }
  } finally {
    await graph.release();
  }
}

/** x [n, 3, 4] through a norm, attention and a GELU layer with residuals, to a scalar. All weights are inputs. */
function attentionNet(): { model: OnnxModel; weights: Record<string, Tensor> } {
  const weights = {
    scale: double([4], 1, 1), bias: double([4], 1, 2), wq: double([4, 4], 1, 3), wk: double([4, 4], 1, 4),
    wv: double([4, 4], 1, 5), up: double([4, 6], 1, 6), down: double([6, 4], 1, 7),
  }; // prettier-ignore
  const constants = { half: 0.5, one: 1, c: Math.sqrt(2 / Math.PI), k: 0.044715, three: 3 };
  const op = (opType: string, input: string[], output: string, attributes = {}) =>
    makeNode(opType, input, [output], attributes, output);
  const model = makeModel({
    nodes: [
      op("LayerNormalization", ["x", "scale", "bias"], "n"),
      op("MatMul", ["n", "wq"], "q"),
      op("MatMul", ["n", "wk"], "key"),
      op("MatMul", ["n", "wv"], "v"),
      op("Transpose", ["key"], "keyT", { perm: [0, 2, 1] }),
      op("MatMul", ["q", "keyT"], "scores"),
      op("Softmax", ["scores"], "attention"),
      op("MatMul", ["attention", "v"], "read"),
      op("Add", ["x", "read"], "h"),
      op("MatMul", ["h", "up"], "u"),
      // The tanh form of GELU as exporters write it: ONNX Runtime has no float64 kernel of Gelu and Erf.
      op("Pow", ["u", "three"], "cube"),
      op("Mul", ["k", "cube"], "kCube"),
      op("Add", ["u", "kCube"], "inner"),
      op("Mul", ["c", "inner"], "angle"),
      op("Tanh", ["angle"], "t"),
      op("Add", ["one", "t"], "gate"),
      op("Mul", ["half", "u"], "halfU"),
      op("Mul", ["halfU", "gate"], "gelu"),
      op("MatMul", ["gelu", "down"], "d"),
      op("Add", ["h", "d"], "y"),
      op("Mul", ["y", "y"], "square"),
      op("ReduceSum", ["square"], "loss", { keepdims: 0 }),
    ],
    inputs: [
      makeValueInfo("x", "float64", ["n", 3, 4]),
      ...Object.entries(weights).map(([name, { dims }]) => makeValueInfo(name, "float64", dims)),
    ],
    outputs: [makeValueInfo("loss", "float64", [])],
    initializers: Object.entries(constants).map(([name, value]) =>
      makeTensor(name, { type: "float64", dims: [], data: Float64Array.of(value) }),
    ),
  });
  return { model, weights };
}

describe("gradients of gradients", () => {
  it("through LayerNormalization, attention and GELU equal differences of gradients, for every weight at once", async () => {
    const { model, weights } = attentionNet();
    const targets = ["x", ...Object.keys(weights)];
    const feeds = { ...weights, x: double([3, 3, 4], 1, 8) };
    const example = { ...weights, x: double([2, 3, 4], 1, 9) };
    await expectHessianProduct(model, targets, example, feeds, 1e-5, "differenceFloat64");
  });
});

describe("gradients of gradients of a layer norm", () => {
  /** Σ (LayerNormalization(x)·v)² and the products of its Hessian with fixed vectors, in one element type. */
  async function products(type: "float32" | "float64") {
    const values = { x: [2, 3, 4], scale: [4], bias: [4] };
    const model = makeModel({
      nodes: [
        makeNode("LayerNormalization", ["x", "scale", "bias"], ["n"], {}, "n"),
        makeNode("Mul", ["n", "v"], ["nv"], {}, "nv"),
        makeNode("Mul", ["nv", "nv"], ["square"], {}, "square"),
        makeNode("ReduceSum", ["square"], ["loss"], { keepdims: 0 }, "loss"),
      ],
      inputs: [
        makeValueInfo("x", type, ["n", 3, 4]),
        ...["scale", "bias"].map((name) => makeValueInfo(name, type, [4])),
      ],
      outputs: [makeValueInfo("loss", type, [])],
      initializers: [makeTensor("v", seededValues(type, [4], 1, 7))],
    });
    const targets = Object.keys(values);
    const feeds = Object.fromEntries(
      Object.entries(values).map(([name, dims], i) => [name, seededValues(type, dims, 1, i)]),
    );
    const once = gradientGraph(model, { loss: "loss", targets, trace: inferTrace(model, feeds) });
    const twice = gradientGraph(once, {
      outputs: targets.map((target) => `grad:${target}`),
      targets,
      trace: inferTrace(once, feeds),
      name: (target) => `hvp:${target}`,
    });
    const cotangents = Object.fromEntries(
      Object.entries(values).map(([name, dims], i) => [`cotangent:grad:${name}`, seededValues(type, dims, 1, 20 + i)]),
    );
    const outputs = await runGraph(twice, { ...feeds, ...cotangents });
    const statistics = once.graph.node.find((node) => node.opType === "LayerNormalization")!.output.length > 1;
    return { statistics, hvp: targets.map((target) => Array.from(outputs[`hvp:${target}`].data as Float32Array)) };
  }

  it("in float32, where the gradient reads the norm's own mean and deviation, equal those in float64, where it does not", async () => {
    const [single, whole] = [await products("float32"), await products("float64")];
    expect([single.statistics, whole.statistics]).to.deep.equal([true, false]);
    whole.hvp.forEach((product, i) => {
      expect(largest(product)).to.be.above(0.1);
      expectNear(single.hvp[i], product, "float32", `product ${i}`);
    });
  });
});

describe("gradients of gradients of image operators", () => {
  // ONNX Runtime has no float64 convolution: products are checked against the closed form of a quadratic loss instead of differences.
  it("a convolution's: the product with v of the Hessian of Σ conv(x, w)² / 2 is the first gradient at v", async () => {
    const single = (dims: number[], seed: number) => seededValues("float32", dims, 1, seed);
    const model = makeModel({
      nodes: [
        makeNode("Conv", ["x", "w"], ["y"], { strides: [2, 1], pads: [1, 0, 0, 1] }, "conv"),
        makeNode("Mul", ["y", "y"], ["square"], {}, "square"),
        makeNode("ReduceSum", ["square"], ["sum"], { keepdims: 0 }, "sum"),
        makeNode("Mul", ["sum", "half"], ["loss"], {}, "loss"),
      ],
      inputs: [makeValueInfo("x", "float32", ["n", 2, 5, 6]), makeValueInfo("w", "float32", [3, 2, 3, 2])],
      outputs: [makeValueInfo("loss", "float32", [])],
      initializers: [makeTensor("half", float32([0.5], []))],
    });
    const feeds = { x: single([2, 2, 5, 6], 1), w: single([3, 2, 3, 2], 2) };
    for (const target of ["x", "w"] as const) {
      const once = gradientGraph(model, { loss: "loss", targets: [target], trace: inferTrace(model, feeds) });
      const twice = gradientGraph(once, {
        outputs: [`grad:${target}`],
        targets: [target],
        trace: inferTrace(once, feeds),
        name: () => "hvp",
      });
      const v = single([...feeds[target].dims], 3);
      const product = (await runGraph(twice, { ...feeds, [`cotangent:grad:${target}`]: v })).hvp;
      const atV = (await runGraph(once, { ...feeds, [target]: v }))[`grad:${target}`];
      expect(largest(Array.from(atV.data as Float32Array))).to.be.above(1);
      expectNear(product.data, atV.data, "float32", target);
    }
  });
});

describeWithShared("gradients of gradients of the vqarad decoder", [DECODER], () => {
  it("equal differences of gradients in float64, for deltas of both layers and the embeddings", async () => {
    const base = asFloat64(readModel(readFileSync(shared(DECODER)), DECODER));
    const sites = findSites(base).filter((site) => site.role === "mlp.down_proj");
    const model = crossEntropy(sites.reduce((edited, site) => dense(edited, site), base));
    const names = sites.map((site) => denseInputName(site.id));
    const sizes = { batch_size: 2, sequence_length: 3, past_sequence_length: 2, total_sequence_length: 5 };
    const feeds = exampleFeeds(
      model,
      { batch_size: 1, sequence_length: 5, past_sequence_length: 0, total_sequence_length: 5 },
      {
        inputs_embeds: double([1, 5, 128], 0.3, 11),
        position_ids: int64([0, 1, 2, 3, 4], [1, 5]),
        labels: int64([5, 42, 79, 116, 153], [1, 5]),
      },
    );
    names.forEach((name, i) => (feeds[name] = double([...feeds[name].dims], 0.05, 20 + i)));
    await expectHessianProduct(model, [...names, "inputs_embeds"], exampleFeeds(model, sizes), feeds, 1e-5, "model");
  });
});
