import { expect } from "chai";
import { makeModel, makeNode, makeTensor, makeValueInfo, UnknownGraphNameError } from "../../../kernels/onnx/index.ts";
import type { Site } from "../../../kernels/onnx/index.ts";
import { toHalf } from "../../../kernels/onnx/lowering/half.ts";
import { siteWeight } from "../../../kernels/onnx/site-weight.ts";
import { float32 } from "../../../kernels/tensor.ts";
import type { Tensor } from "../../../kernels/tensor.ts";

const values = [1, 2, 3, 4, 5, 6];
const modelOf = (weight: Tensor, transB: number) =>
  makeModel({
    nodes: [makeNode("Gemm", ["x", "w"], ["y"], { transB }, "/projector/Gemm")],
    inputs: [makeValueInfo("x", weight.type, ["batch", 2])],
    outputs: [makeValueInfo("y")],
    initializers: [makeTensor("w", weight)],
  });
const site = (transposed: boolean): Site => ({
  id: "projector",
  role: "projector",
  layer: -1,
  kind: "projection",
  output: "y",
  input: "x",
  node: "/projector/Gemm",
  weight: "w",
  shape: transposed ? [3, 2] : [2, 3],
  transposed,
  in: 2,
  out: 3,
  found: "name",
});

describe("weight of a site", () => {
  it("is read as stored, or turned to [in, out]", () => {
    expect(siteWeight(modelOf(float32(values, [2, 3]), 0), site(false))).to.deep.equal(float32(values, [2, 3]));
    expect(siteWeight(modelOf(float32(values, [3, 2]), 1), site(true))).to.deep.equal(
      float32([1, 3, 5, 2, 4, 6], [2, 3]),
    );
  });

  it("is read from half precision", () => {
    const half: Tensor = { type: "float16", dims: [2, 3], data: Uint16Array.from(values, toHalf) };
    expect(siteWeight(modelOf(half, 0), site(false))).to.deep.equal(float32(values, [2, 3]));
  });

  it("of another graph is refused by name", () => {
    const other = { ...site(false), weight: "v" };
    expect(() => siteWeight(modelOf(float32(values, [2, 3]), 0), other)).to.throw(UnknownGraphNameError, /"v"/);
  });
});
