import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import { AttributeProto_AttributeType, AttributeProtoSchema, GraphProtoSchema } from "onnx-buf";
import type { AttributeValue } from "../../../../kernels/onnx/attributes.ts";
import {
  gradientGraph,
  lower,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  trace,
  UnsupportedGradientError,
} from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { float32, int64 } from "../../../../kernels/tensor.ts";
import { runGraph } from "../run-graph.ts";

const double = (values: number[], dims = [values.length]): Tensor => ({
  type: "float64",
  dims,
  data: Float64Array.from(values),
});

/** Gradient of the sum of one node's first output with respect to its input "x". */
async function gradientOfSum(
  op: string,
  feeds: Record<string, Tensor>,
  inputs: string[],
  options: { attributes?: Record<string, AttributeValue>; constants?: Record<string, Tensor> } = {},
) {
  const model = makeModel({
    nodes: [
      makeNode(op, inputs, ["y"], options.attributes, "the node"),
      makeNode("ReduceSum", ["y"], ["loss"], { keepdims: 0 }, "sum"),
    ],
    inputs: Object.entries(feeds).map(([name, { type, dims }]) => makeValueInfo(name, type, dims)),
    outputs: [makeValueInfo("loss")],
    initializers: Object.entries(options.constants ?? {}).map(([name, tensor]) => makeTensor(name, tensor)),
  });
  const traced = await trace(model, feeds, runGraph);
  const results = await runGraph(gradientGraph(model, { loss: "loss", targets: ["x"], trace: traced }), feeds);
  return Array.from(results["grad:x"].data as Float64Array);
}

describe("forms of operators where a careless rule is silently wrong", () => {
  it("ReduceMax sends the gradient to the largest element, not nowhere", async () => {
    expect(await gradientOfSum("ReduceMax", { x: double([1, 5, 2]) }, ["x"])).to.deep.equal([0, 1, 0]);
  });

  it("ReduceMax shares the gradient among equal largest elements", async () => {
    expect(await gradientOfSum("ReduceMax", { x: double([5, 1, 5]) }, ["x"])).to.deep.equal([0.5, 0, 0.5]);
  });

  it("Max shares the gradient between equal operands", async () => {
    expect(await gradientOfSum("Max", { x: double([3, 4]), z: double([3, 1]) }, ["x", "z"])).to.deep.equal([0.5, 1]);
  });

  it("Clip passes the gradient at its bounds and stops it beyond", async () => {
    const constants = { low: double([-1], []), high: double([1], []) };
    expect(
      await gradientOfSum("Clip", { x: double([-2, -1, 0, 1, 2]) }, ["x", "low", "high"], { constants }),
    ).to.deep.equal([0, 1, 1, 1, 0]);
  });

  it("Relu has gradient 0 at 0", async () => {
    expect(await gradientOfSum("Relu", { x: double([-1, 0, 1]) }, ["x"])).to.deep.equal([0, 0, 1]);
  });

  it("a square has gradient 0 at 0, not NaN", async () => {
    const constants = { p: double([2], []) };
    expect(await gradientOfSum("Pow", { x: double([-2, 0, 3]) }, ["x", "p"], { constants })).to.deep.equal([-4, 0, 6]);
  });

  it("Cast returns the gradient in the input's own element type", async () => {
    const model = makeModel({
      nodes: [
        makeNode("Cast", ["x"], ["single"], { to: 1 }, "cast"),
        makeNode("Mul", ["single", "single"], ["square"], {}, "square"),
        makeNode("ReduceSum", ["square"], ["loss"], { keepdims: 0 }, "sum"),
      ],
      inputs: [makeValueInfo("x", "float64", [2])],
      outputs: [makeValueInfo("loss")],
    });
    const feeds = { x: double([1, 3]) };
    const results = await runGraph(
      gradientGraph(model, { loss: "loss", targets: ["x"], trace: await trace(model, feeds, runGraph) }),
      feeds,
    );
    expect(results["grad:x"].type).to.equal("float64");
    expect(Array.from(results["grad:x"].data as Float64Array)).to.deep.equal([2, 6]);
  });

  it("Dropout in training mode is refused, with the node's name", async () => {
    const constants = {
      ratio: float32([0.5], []),
      training: { type: "bool", dims: [], data: Uint8Array.of(1) } as Tensor,
    };
    const message = await gradientOfSum("Dropout", { x: float32([1, 2], [2]) }, ["x", "ratio", "training"], {
      constants,
    }).catch((error: Error) => error);
    expect(message).to.be.instanceOf(UnsupportedGradientError);
    expect((message as Error).message).to.equal(
      'node "the node": Dropout may run in training mode, which has no gradient here. Export the model in evaluation mode.',
    );
  });

  it("Pad by reflection is refused", async () => {
    const constants = { pads: int64([1, 1], [2]) };
    const refusal = await gradientOfSum("Pad", { x: double([1, 2, 3]) }, ["x", "pads"], {
      constants,
      attributes: { mode: "reflect" },
    }).catch((error: Error) => error);
    expect(refusal).to.be.instanceOf(UnsupportedGradientError);
  });

  it("Slice with axes computed at run time is refused", async () => {
    const feeds = { x: double([1, 2, 3]), axes: int64([0], [1]) };
    const constants = { starts: int64([1], [1]), ends: int64([2], [1]) };
    const refusal = await gradientOfSum("Slice", feeds, ["x", "starts", "ends", "axes"], { constants }).catch(
      (error: Error) => error,
    );
    expect(refusal).to.be.instanceOf(UnsupportedGradientError);
  });

  it("If is refused with advice, also where the float value enters its branches from outside", async () => {
    const branch = (name: string) =>
      create(GraphProtoSchema, {
        name,
        node: [makeNode(name, ["x"], [`${name}:y`], {}, name)],
        output: [makeValueInfo(`${name}:y`, "float64", [2])],
      });
    const node = makeNode("If", ["switch"], ["y"], {}, "the node");
    for (const [name, g] of [
      ["then_branch", branch("Exp")],
      ["else_branch", branch("Neg")],
    ] as const)
      node.attribute.push(create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g }));
    const model = makeModel({
      nodes: [node],
      inputs: [makeValueInfo("switch", "bool", []), makeValueInfo("x", "float64", [2])],
      outputs: [makeValueInfo("y", "float64", [2])],
    });
    const feeds: Record<string, Tensor> = {
      switch: { type: "bool", dims: [], data: Uint8Array.of(1) },
      x: double([1, 2]),
    };
    const traced = await trace(model, feeds, runGraph);
    expect(() => gradientGraph(model, { outputs: ["y"], targets: ["x"], trace: traced })).to.throw(
      UnsupportedGradientError,
      'node "the node": If decides at run time what is computed, which has no gradient here. Replace the node by the branch',
    );
  });

  it("Attention of operator set 23 is refused with advice, where the fused one of the same name is lowered", async () => {
    const model = makeModel({
      nodes: [makeNode("Attention", ["x", "x", "x"], ["y"], {}, "the node")],
      inputs: [makeValueInfo("x", "float32", ["batch", "heads", "tokens", 4])],
      outputs: [makeValueInfo("y", "float32", ["batch", "heads", "tokens", 4])],
      opset: 23,
    });
    const feeds = { x: float32(new Float32Array(48).fill(0.5), [2, 2, 3, 4]) };
    const traced = await trace(model, feeds, runGraph);
    expect(lower(model)).to.equal(model);
    expect(() => gradientGraph(model, { outputs: ["y"], targets: ["x"], trace: traced })).to.throw(
      UnsupportedGradientError,
      "Export the model with opset_version=22 or lower, where attention is written out.",
    );
  });

  it("ReduceProd gives each element the product of the others, beside one zero and beside two", async () => {
    expect(await gradientOfSum("ReduceProd", { x: double([2, 3, 4]) }, ["x"])).to.deep.equal([12, 8, 6]);
    expect(await gradientOfSum("ReduceProd", { x: double([2, 0, 4]) }, ["x"])).to.deep.equal([0, 8, 0]);
    expect(await gradientOfSum("ReduceProd", { x: double([0, 0, 4]) }, ["x"])).to.deep.equal([0, 0, 0]);
  });

  it("ReduceL2 of zeros has gradient 0, not NaN", async () => {
    expect(await gradientOfSum("ReduceL2", { x: double([0, 0]) }, ["x"])).to.deep.equal([0, 0]);
  });

  it("Einsum diagonals and pooling with doubtful counts are refused", async () => {
    const refusal = (op: string, feeds: Record<string, Tensor>, attributes: Record<string, AttributeValue>) =>
      gradientOfSum(op, feeds, Object.keys(feeds), { attributes }).catch((error: Error) => error);
    expect(await refusal("Einsum", { x: double([1, 2, 3, 4], [2, 2]) }, { equation: "ii->i" })).to.be.instanceOf(
      UnsupportedGradientError,
    );
    const pooled = { kernel_shape: [2], ceil_mode: 1, count_include_pad: 1 };
    expect(await refusal("AveragePool", { x: float32([1, 2, 3], [1, 1, 3]) }, pooled)).to.be.instanceOf(
      UnsupportedGradientError,
    );
  });
});
