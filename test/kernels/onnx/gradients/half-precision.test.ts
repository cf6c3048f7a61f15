import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  exampleFeeds,
  gradientGraph,
  gradientRules,
  inferTrace,
  LossScale,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  readModel,
  SCALED_LOSS,
  scaleLoss,
  SurgeryError,
  trace,
  unscaleGradients,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel, RuleTable } from "../../../../kernels/onnx/index.ts";
import { layerNormalization } from "../../../../kernels/onnx/gradients/layer-normalization.ts";
import { fromHalf } from "../../../../kernels/onnx/lowering/half.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { asFloat16, halves, withHalfWeights } from "../as-float16.ts";
import { expectNear, largest } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const STORIES = "models/tinystories-656k/onnx/model.onnx";
const WEIGHTS = { scale: [16], bias: [16], up: [16, 24], down: [24, 16], shift: [16] };

/** Norm, a tanh GELU layer, a softmax and a squared sum. Weights are initialisers. */
function net(): OnnxModel {
  const op = (opType: string, input: string[], output: string, attributes = {}) =>
    makeNode(opType, input, [output], attributes, output);
  return makeModel({
    nodes: [
      op("LayerNormalization", ["x", "scale", "bias"], "n", { epsilon: { float: 1e-12 } }),
      op("MatMul", ["n", "up"], "u"),
      op("Pow", ["u", "three"], "cube"),
      op("Mul", ["k", "cube"], "kCube"),
      op("Add", ["u", "kCube"], "inner"),
      op("Mul", ["c", "inner"], "angle"),
      op("Tanh", ["angle"], "t"),
      op("Add", ["one", "t"], "gate"),
      op("Mul", ["half", "u"], "halfU"),
      op("Mul", ["halfU", "gate"], "gelu"),
      op("MatMul", ["gelu", "down"], "d"),
      op("Add", ["d", "shift"], "logits"),
    ],
    inputs: [makeValueInfo("x", "float32", ["batch_size", "sequence_length", 16])],
    outputs: [makeValueInfo("logits", "float32", ["batch_size", "sequence_length", 16])],
    initializers: [
      ...Object.entries(WEIGHTS).map(([name, dims], i) => makeTensor(name, seededValues("float32", dims, 1, i + 1))),
      ...Object.entries({ half: 0.5, one: 1, c: Math.sqrt(2 / Math.PI), k: 0.044715, three: 3 }).map(([name, value]) =>
        makeTensor(name, float32([value], [])),
      ),
    ],
  });
}

const values = ({ type, data }: Tensor): number[] =>
  type === "float16" ? Array.from(data as Uint16Array, fromHalf) : Array.from(data as Float32Array);

/** Gradients of the cross-entropy at float32 arithmetic and at half precision, of one model with weights that both can hold. */
async function bothPrecisions(
  base: OnnxModel,
  targets: string[],
  feeds: Record<string, Tensor>,
  sizes: Record<string, number>,
) {
  const gradients = async (source: OnnxModel, given: Record<string, Tensor>) => {
    const model = crossEntropy(source);
    const backward = gradientGraph(model, {
      loss: "loss",
      targets,
      trace: inferTrace(model, exampleFeeds(model, sizes)),
    });
    return runGraph(backward, given);
  };
  const halved = Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [
      name,
      tensor.type === "float32" && name !== "loss_weights" ? halves(tensor) : tensor,
    ]),
  );
  return {
    single: await gradients(withHalfWeights(base), feeds),
    half: await gradients(asFloat16(base, inferTrace(base, exampleFeeds(base, sizes))), halved),
  };
}

const labelled = (rows: number, tokens: number, classes: number, weight = 1 / (rows * tokens)): Record<string, Tensor> => ({
  labels: int64(Array.from({ length: rows * tokens }, (_, i) => (7 * i + 3) % classes), [rows, tokens]),
  loss_weights: float32(new Float32Array(rows * tokens).fill(weight), [rows, tokens]),
}); // prettier-ignore

describe("gradients in half precision", () => {
  const sizes = { batch_size: 2, sequence_length: 3 };
  const targets = ["x", ...Object.keys(WEIGHTS)];
  const feedsOf = (weight?: number) => {
    const x = seededValues("float32", [4, 5, 16], 2, 9);
    return { x: { ...x, data: Float32Array.from(values(halves(x))) }, ...labelled(4, 5, 16, weight) };
  };

  it("have the type of their values, and agree with float32 but for the rounding of half precision", async () => {
    const { single, half } = await bothPrecisions(net(), targets, feedsOf(), sizes);
    expect(half.loss.type).to.equal("float32");
    expectNear(half.loss.data, single.loss.data, "half", "loss");
    for (const target of targets) {
      expect(half[`grad:${target}`].type, target).to.equal("float16");
      expectNear(values(half[`grad:${target}`]), values(single[`grad:${target}`]), "half", target);
    }
  });

  it("of a constant row are finite: an epsilon below half precision's reach is kept", async () => {
    const feeds = { ...feedsOf(), x: float32(new Float32Array(4 * 5 * 16).fill(1), [4, 5, 16]) };
    const model = crossEntropy(asFloat16(net()));
    const gradients = async (rules?: RuleTable) => {
      const trace = inferTrace(model, exampleFeeds(model, sizes));
      const backward = gradientGraph(model, { loss: "loss", targets: ["scale", "up"], trace, rules });
      const { loss: _, ...results } = await runGraph(backward, { ...feeds, x: halves(feeds.x) });
      return Object.values(results).flatMap(values);
    };
    expect((await gradients()).every(Number.isFinite)).to.equal(true);
    const inHalf = { ...gradientRules, LayerNormalization: layerNormalization };
    expect((await gradients(inHalf)).every(Number.isFinite), "without float32 in between").to.equal(false);
  });

  it("add a bias up over thousands of tokens without losing the small ones", async () => {
    // 4096 equal contributions: a half-precision sum would stand still at 2048 times one of them.
    const model = makeModel({
      nodes: [makeNode("Add", ["x", "b"], ["y"], {}, "y")],
      inputs: [makeValueInfo("x", "float16", ["n", 2])],
      outputs: [makeValueInfo("y", "float16", ["n", 2])],
      initializers: [makeTensor("b", halves(float32([0.5, 1], [2])))],
    });
    const x = halves(float32(new Float32Array(8192), [4096, 2]));
    const cotangent = halves(float32(new Float32Array(8192).fill(1 / 1024), [4096, 2]));
    const traced = await trace(model, { x: halves(float32([0, 0, 0, 0], [2, 2])) }, runGraph);
    const backward = gradientGraph(model, { outputs: ["y"], targets: ["b"], trace: traced });
    const results = await runGraph(backward, { x, "cotangent:y": cotangent });
    expect(values(results["grad:b"])).to.deep.equal([4, 4]);
  });

  it("vanish for a small loss, and are whole again with the loss scaled and the gradients unscaled in float32", async () => {
    const weight = 2e-9;
    const feeds = feedsOf(weight);
    const wanted = (await bothPrecisions(net(), targets, feedsOf(), sizes)).single;
    const model = scaleLoss(crossEntropy(asFloat16(net())));
    const traced = inferTrace(model, { ...exampleFeeds(model, sizes) });
    const halved = { ...feeds, x: halves(feeds.x), loss_scale: float32([2 ** 22], []) };
    const plain = await runGraph(gradientGraph(model, { loss: "loss", targets, trace: traced }), halved);
    expect(largest(values(plain["grad:shift"]))).to.be.below(1e-7);
    const scaled = gradientGraph(model, { loss: SCALED_LOSS, targets, trace: traced, keep: ["loss"] });
    const results = await runGraph(unscaleGradients(scaled, targets), halved);
    for (const target of targets) {
      const { type, data } = results[`grad:${target}`];
      expect(type).to.equal("float32");
      // The wanted gradients are those of a weight of 1/20 a token.
      expectNear(Array.from(data as Float32Array, (value) => value / (20 * weight)), values(wanted[`grad:${target}`]), "half", target); // prettier-ignore
    }
  });

  it("the loss is scaled once", () => {
    const model = scaleLoss(crossEntropy(net()));
    expect(() => scaleLoss(model)).to.throw(SurgeryError, 'the graph already has a value "loss_scale"');
  });
});

describe("the loss scale", () => {
  const good = [float32([1, 2], [2])];
  it("halves at an overflow and asks to skip the step, and doubles after a steady period", () => {
    const scale = new LossScale(8, 3);
    expect(scale.update([float32([1, Infinity], [2])])).to.equal(false);
    expect(scale.value).to.equal(4);
    expect([scale.update(good), scale.update(good)]).to.deep.equal([true, true]);
    expect(scale.update([float32([NaN], [1])])).to.equal(false);
    for (let i = 0; i < 3; i++) scale.update(good);
    expect(scale.value).to.equal(4);
  });
  it("never falls below 1", () => {
    const scale = new LossScale(2);
    for (let i = 0; i < 5; i++) scale.update([float32([NaN], [1])]);
    expect(scale.value).to.equal(1);
  });
});

describeWithShared("gradients of the tinystories decoder in half precision", [STORIES], () => {
  it("of every matrix agree with float32, up to half precision's rounding through eight layers", async () => {
    const base = readModel(readFileSync(shared(STORIES)), STORIES);
    const sizes = {
      batch_size: 2,
      sequence_length: 3,
      past_sequence_length: 2,
      total_sequence_length: 5,
      "past_sequence_length + 1": 5,
    };
    const tokens = { batch_size: 2, sequence_length: 6, past_sequence_length: 0, total_sequence_length: 6 };
    const model = crossEntropy(base);
    const feeds = exampleFeeds(model, { ...tokens, "past_sequence_length + 1": 6 }, {
      input_ids: int64(Array.from({ length: 12 }, (_, i) => (31 * i + 5) % 2000), [2, 6]),
      position_ids: int64(Array.from({ length: 12 }, (_, i) => i % 6), [2, 6]),
      ...labelled(2, 6, 2000),
    }); // prettier-ignore
    const matrices = new Set(base.graph.node.flatMap((node) => (node.opType === "MatMul" ? node.input.slice(1) : [])));
    const targets = base.graph.initializer.flatMap((tensor) => (matrices.has(tensor.name) ? [tensor.name] : []));
    expect(targets.length).to.be.above(5);
    const { single, half } = await bothPrecisions(base, targets, feeds, sizes);
    expectNear(half.loss.data, single.loss.data, "half", "loss");
    for (const target of targets)
      expectNear(values(half[`grad:${target}`]), values(single[`grad:${target}`]), "halfModel", target);
  });
});
