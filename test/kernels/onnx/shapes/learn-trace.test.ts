import { expect } from "chai";
import {
  exampleShapes,
  learnTrace,
  makeModel,
  makeNode,
  makeValueInfo,
  TraceError,
} from "../../../../kernels/onnx/index.ts";
import type { RunGraph } from "../../../../kernels/onnx/index.ts";
import { runGraph } from "../run-graph.ts";

const graph = (opType: string) =>
  makeModel({
    nodes: [makeNode(opType, ["x"], ["y"], {}, "only")],
    inputs: [makeValueInfo("x", "float32", ["n", 3])],
    outputs: [makeValueInfo("y")],
  });

describe("learning the trace of a graph", () => {
  let runs = 0;
  const counted: RunGraph = (model, feeds) => {
    runs++;
    return runGraph(model, feeds);
  };
  beforeEach(() => (runs = 0));

  it("infers it where every operator is known", async () => {
    const model = graph("Relu");
    const trace = await learnTrace(model, exampleShapes(model, { n: 4 }), counted);
    expect(trace.get("y")).to.deep.include({ type: "float32", dims: [4, 3] });
    expect(runs).to.equal(0);
  });

  it("runs the graph, with contents for the examples, where one is not", async () => {
    const model = graph("ThresholdedRelu");
    const trace = await learnTrace(model, exampleShapes(model, { n: 5 }), counted);
    expect(trace.get("y")).to.deep.include({ type: "float32", dims: [5, 3] });
    expect(runs).to.equal(1);
  });

  it("refuses examples that hide broadcasts before it runs anything", async () => {
    const model = graph("Relu");
    const error = await learnTrace(model, exampleShapes(model, { n: 1 }), counted).catch((reason) => reason);
    expect(error).to.be.instanceOf(TraceError);
    expect(runs).to.equal(0);
  });
});
