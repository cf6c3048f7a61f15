import { expect } from "chai";
import { makeModel, makeNode, makeTensor, makeValueInfo } from "../../../kernels/onnx/index.ts";
import { packedBytes } from "../../../kernels/onnx/packed-bytes.ts";
import { manySteps } from "../../../kernels/runtime/training/many-steps.ts";
import { float32, int64 } from "../../../kernels/tensor.ts";

describe("bytes of packed weights", () => {
  const model = makeModel({
    nodes: [
      makeNode("MatMul", ["x", "W"], ["a"]),
      makeNode("Gemm", ["a", "W"], ["b"], { transB: 1 }),
      makeNode("MatMul", ["b", "a"], ["c"]),
      makeNode("Add", ["c", "bias"], ["d"]),
      makeNode("Gather", ["W", "at"], ["e"]),
      makeNode("Sub", ["w", "rate"], ["next"]),
      makeNode("ReduceSum", ["d"], ["sum"], { keepdims: 0 }),
    ],
    inputs: [
      makeValueInfo("x", "float32", [6, 4]),
      makeValueInfo("w", "float32", [3]),
      makeValueInfo("rate", "float32", []),
    ],
    outputs: [makeValueInfo("next", "float32", [3]), makeValueInfo("sum", "float32", [])],
    initializers: [
      makeTensor("W", float32(new Float32Array(24), [4, 6])),
      makeTensor("bias", float32(new Float32Array(6), [6])),
      makeTensor("at", int64([1], [1])),
    ],
  });

  it("are those of a weight for each product that reads it as its second operand", () =>
    expect(packedBytes(model)).to.equal(2 * 24 * 4));

  it("count products inside of loops", () =>
    expect(packedBytes(manySteps(model, { state: { w: "next" }, numbers: { rate: 0 }, loss: "sum" }))).to.equal(192));
});
