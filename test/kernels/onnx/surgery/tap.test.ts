import { expect } from "chai";
import { tap, UnknownGraphNameError } from "../../../../kernels/onnx/index.ts";
import { projectionModel } from "../projection-model.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const x = seededValues("float32", [5, 3], 1, 9);

describe("tapping values", () => {
  const { model } = projectionModel();

  it("adds outputs after the existing ones and changes none of them", async () => {
    const tapped = tap(model, ["z", "h"]);
    expect(tapped.graph.output.map((output) => output.name)).to.deep.equal(["y", "z", "h"]);
    const [base, seen] = [await runGraph(model, { x }), await runGraph(tapped, { x })];
    expect(Array.from(seen.y.data as Float32Array)).to.deep.equal(Array.from(base.y.data as Float32Array));
    expect(seen.z.dims).to.deep.equal([5, 4]);
    expect(Array.from(seen.z.data as Float32Array, (v) => v.toFixed(5))).to.deep.equal(
      Array.from(seen.h.data as Float32Array, (v) => Math.tanh(v).toFixed(5)),
    );
  });

  it("does not add an output twice", () => {
    expect(tap(model, ["y", "z", "z"]).graph.output.map((output) => output.name)).to.deep.equal(["y", "z"]);
  });

  it("refuses a value that no node computes and offers the nearest name", () => {
    expect(() => tap(model, ["zz"])).to.throw(
      UnknownGraphNameError,
      'the graph has no computed value "zz". Did you mean "z"?',
    );
    expect(() => tap(model, ["x"])).to.throw(UnknownGraphNameError);
  });
});
