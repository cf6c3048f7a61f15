import { expect } from "chai";
import { inferTrace, makeModel, makeNode, makeTensor, makeValueInfo, transposedProducts } from "../../../../kernels/onnx/index.ts"; // prettier-ignore
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import { withGraph } from "../../../../kernels/onnx/graph.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

describe("products with a transposed matrix", () => {
  const model = makeModel({
    nodes: [
      makeNode("Transpose", ["W"], ["turned"], { perm: [1, 0] }),
      makeNode("MatMul", ["x", "turned"], ["y"], {}, "p"),
    ],
    inputs: [makeValueInfo("x", "float32", ["n", 4])],
    outputs: [makeValueInfo("y", "float32", ["n", 6])],
    initializers: [makeTensor("W", seededValues("float32", [6, 4], 1, 1))],
  });
  const trace = (graph: OnnxModel, n: number[]) => inferTrace(graph, { x: { type: "float32", dims: [...n, 4] } });

  it("read it as it is stored", async () => {
    const direct = transposedProducts(model, trace(model, [3]));
    expect(direct.graph.node.map(({ opType, input }) => [opType, ...input])).to.deep.equal([["Gemm", "x", "W"]]);
    const feeds: Record<string, Tensor> = { x: seededValues("float32", [3, 4], 1, 2) };
    const [got, wanted] = [await runGraph(direct, feeds), await runGraph(model, feeds)];
    expectNear(got.y.data, Array.from(wanted.y.data as Float32Array), "logits", "y");
  });

  it("stay where it is turned to what it was", () => {
    const turned = makeNode("Transpose", ["W"], ["turned"], { perm: [0, 1] });
    const initializer = [makeTensor("W", seededValues("float32", [4, 6], 1, 1))];
    const same = withGraph(model, { node: [turned, model.graph.node[1]], initializer });
    expect(transposedProducts(same, trace(same, [3])).graph.node).to.have.length(2);
  });

  it("stay where rows have two axes, which Gemm does not take", () => {
    const input = [makeValueInfo("x", "float32", ["n", "m", 4])];
    const deep = withGraph(model, { input, output: [makeValueInfo("y", "float32", ["n", "m", 6])] });
    expect(transposedProducts(deep, trace(deep, [3, 2])).graph.node).to.have.length(2);
  });
});
