import { expect } from "chai";
import {
  exampleFeeds,
  makeModel,
  makeNode,
  makeTensor,
  makeValueInfo,
  trace,
  TraceError,
} from "../../../kernels/onnx/index.ts";
import { float32, int64 } from "../../../kernels/tensor.ts";
import { runGraph } from "./run-graph.ts";

const model = makeModel({
  nodes: [
    makeNode("Shape", ["x"], ["sizes"], {}, "shape"),
    makeNode("Mul", ["two", "two"], ["four"], {}, "fixed"),
    makeNode("MatMul", ["x", "w"], ["y"], {}, "product"),
    makeNode("Cast", ["y"], ["whole"], { to: 7 }, "cast"),
  ],
  inputs: [makeValueInfo("x", "float32", ["batch", 2]), makeValueInfo("one", "int64", [1])],
  outputs: [makeValueInfo("y")],
  initializers: [makeTensor("w", float32([1, 2, 3, 4, 5, 6], [2, 3])), makeTensor("two", int64([2], [1]))],
});
const feeds = (batch: number) => exampleFeeds(model, { batch });

describe("tracing a graph", () => {
  it("learns type and shape of every value, inputs and weights included", async () => {
    const traced = await trace(model, feeds(4), runGraph);
    const seen = Object.fromEntries([...traced].map(([name, { type, dims }]) => [name, `${type} [${dims}]`]));
    expect(seen).to.deep.equal({
      w: "float32 [2,3]",
      two: "int64 [1]",
      x: "float32 [4,2]",
      one: "int64 [1]",
      sizes: "int64 [2]",
      four: "int64 [1]",
      y: "float32 [4,3]",
      whole: "int64 [4,3]",
    });
  });

  it("keeps contents that cannot vary, and none that came from this run's sizes", async () => {
    const traced = await trace(model, feeds(4), runGraph);
    expect(traced.get("four")!.constant).to.deep.equal([4]);
    expect(traced.get("sizes")!.constant).to.equal(undefined);
  });

  it("refuses a varying size of 1, which would hide a broadcast, but accepts a fixed one", async () => {
    const refusal = await trace(model, feeds(1), runGraph).catch((error: Error) => error);
    expect(refusal).to.be.instanceOf(TraceError);
    expect((refusal as Error).message).to.equal(
      'input "x", axis 0 ("batch"): the size varies and is 1 in the example, which hides broadcasts. Trace with 2 or more; the result also runs with 1.',
    );
  });

  it("names an input that the examples leave out", async () => {
    const refusal = await trace(model, { x: feeds(2).x }, runGraph).catch((error: Error) => error);
    expect((refusal as Error).message).to.equal('input "one": the example feeds leave it out. Feed every graph input.');
  });

  it("example feeds name a size that is not given", () => {
    expect(() => exampleFeeds(model, {})).to.throw(
      TraceError,
      'input "x", axis 0 ("batch"): its size is not given. Add it to the sizes, 2 or more.',
    );
  });
});
