import { expect } from "chai";
import {
  findSites,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  UnknownGraphNameError,
} from "../../../kernels/onnx/index.ts";
import type { Site } from "../../../kernels/onnx/index.ts";
import { toHalf } from "../../../kernels/onnx/lowering/half.ts";
import { siteWeight } from "../../../kernels/onnx/site-weight.ts";
import { float32, int64 } from "../../../kernels/tensor.ts";
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

  for (const [stored, axis] of [
    ["side by side", 1],
    ["one above the other", 0],
    ["side by side, turned before they are split", 0],
  ] as const)
    it(`is its own part of several matrices ${stored}`, async () => {
      const turned = stored.endsWith("split");
      const packed = float32(Array.from({ length: 20 }, (_, i) => i), axis === 0 && !turned ? [5, 4] : [4, 5]); // prettier-ignore
      const model = makeModel({
        nodes: [
          ...(turned ? [makeNode("Transpose", ["w"], ["t"], { perm: [1, 0] })] : []),
          makeNode("Split", [turned ? "t" : "w", "sizes"], ["p", "q"], { axis }),
          ...(axis === 0 ? [makeNode("Transpose", ["q"], ["b"], { perm: [1, 0] })] : []),
          makeNode("MatMul", ["x", axis === 0 ? "b" : "q"], ["y"], {}, "/layers.0/self_attn/q_proj/MatMul"),
        ],
        inputs: [makeValueInfo("x", "float32", ["batch", 4])],
        outputs: [makeValueInfo("y")],
        initializers: [makeTensor("w", packed), makeTensor("sizes", int64([2, 3], [2]))],
      });
      const [found] = findSites(model);
      expect([found.in, found.out]).to.deep.equal([4, 3]);
      const wanted = axis === 0 && !turned ? (i: number, j: number) => 4 * (j + 2) + i : (i: number, j: number) => 5 * i + j + 2; // prettier-ignore
      expect(Array.from(siteWeight(model, found).data)).to.deep.equal(
        Array.from({ length: 12 }, (_, k) => wanted(Math.floor(k / 3), k % 3)),
      );
    });

  it("of another graph is refused by name", () => {
    const other = { ...site(false), weight: "v" };
    expect(() => siteWeight(modelOf(float32(values, [2, 3]), 0), other)).to.throw(UnknownGraphNameError, /"v"/);
  });
});
