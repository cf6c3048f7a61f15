import { expect } from "chai";
import {
  chain,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  SurgeryError,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { runGraph } from "../run-graph.ts";

// Both use the names "w", "h" and "y" for things of their own, and both read "scale".
const half = (opType: string, input: string, weight: number[], opset = 17) =>
  makeModel({
    nodes: [makeNode("Mul", [input, "w"], ["h"], {}, "product"), makeNode(opType, ["h", "scale"], ["y"], {}, "last")],
    inputs: [makeValueInfo(input, "float32", ["n", 2]), makeValueInfo("scale", "float32", [1])],
    outputs: [makeValueInfo("y", "float32", ["n", 2])],
    initializers: [makeTensor("w", float32(weight, [2]))],
    opset,
  });
const first = half("Add", "x", [2, 3]);
const second = half("Mul", "z", [10, 100]);

describe("chaining models", () => {
  it("feeds a value of one to the other; equal names inside stay apart, equal inputs become one", async () => {
    const joined = chain(first, second, { z: "y" });
    expect(joined.graph.input.map((input) => input.name)).to.deep.equal(["x", "scale"]);
    expect(joined.graph.output.map((output) => output.name)).to.deep.equal(["y"]);
    const { y } = await runGraph(joined, { x: float32([1, 2], [1, 2]), scale: float32([5], [1]) });
    // (x·w + scale)·w'·scale
    expect([...(y.data as Float32Array)]).to.deep.equal([(2 + 5) * 10 * 5, (6 + 5) * 100 * 5]);
  });

  it("drops what the linked value does not need", () => {
    const joined = chain(first, second, { z: "h" });
    expect(joined.graph.node.map((node) => node.opType)).to.deep.equal(["Mul", "Mul", "Mul"]);
  });

  it("leaves both models as they were", () => {
    const names = () => [first, second].map(({ graph }) => graph.node.flatMap((node) => [node.name, ...node.output]));
    const before = names();
    chain(first, second, { z: "y" });
    expect(names()).to.deep.equal(before);
  });

  it("refuses names that are not there, and other operator sets", () => {
    expect(() => chain(first, second, { q: "y" })).to.throw(UnknownGraphNameError, 'the graph has no input "q"');
    expect(() => chain(first, second, { z: "x" })).to.throw(UnknownGraphNameError, 'no computed value "x"');
    expect(() => chain(half("Add", "x", [2, 3], 21), second, { z: "y" })).to.throw(
      SurgeryError,
      "chain: the models use operator sets 21 and 17. Export both with the same opset_version.",
    );
  });
});
