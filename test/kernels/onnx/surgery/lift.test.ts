import { expect } from "chai";
import { lift, tensorOf, UnknownGraphNameError } from "../../../../kernels/onnx/index.ts";
import { projectionModel } from "../projection-model.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const x = seededValues("float32", [5, 3], 1, 9);

describe("lifting weights", () => {
  const { model } = projectionModel();

  it("gives the same values when the weight's own values are fed, and others when others are", async () => {
    const lifted = lift(model, ["W1"]);
    expect(lifted.graph.input.map((input) => input.name)).to.deep.equal(["x", "W1"]);
    const W1 = tensorOf(model.graph.initializer[0]);
    const base = Array.from((await runGraph(model, { x })).y.data as Float32Array);
    expect(Array.from((await runGraph(lifted, { x, W1 })).y.data as Float32Array)).to.deep.equal(base);
    const other = seededValues("float32", [3, 4], 1, 8);
    expect(Array.from((await runGraph(lifted, { x, W1: other })).y.data as Float32Array)).to.not.deep.equal(base);
  });

  it("refuses a weight that does not exist and offers the nearest name", () => {
    expect(() => lift(model, ["W3"])).to.throw(UnknownGraphNameError, 'the graph has no weight "W3". Did you mean "W');
  });
});
