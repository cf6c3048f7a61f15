import { expect } from "chai";
import {
  gradientGraph,
  override,
  overrideNames,
  SurgeryError,
  trace,
  UnknownGraphNameError,
} from "../../../../kernels/onnx/index.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { expectNear } from "../near.ts";
import { projectionModel } from "../projection-model.ts";
import { runGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const x = seededValues("float32", [3, 3], 1, 9);
const { mask, values } = overrideNames("z");
const masked = (...rows: number[]): Tensor => ({ type: "bool", dims: [rows.length], data: Uint8Array.from(rows) });
const list = (tensor: Tensor) => Array.from(tensor.data as Float32Array);

describe("overriding a hidden state", () => {
  const { model } = projectionModel();
  const edited = override(model, "z", { dims: ["n", 4] });
  const z = seededValues("float32", [3, 4], 1, 4);

  it("a mask of zeros gives the base values bit for bit, whatever the values are", async () => {
    const base = await runGraph(model, { x });
    const poison = float32(new Float32Array(12).fill(NaN), [3, 4]);
    expect(list((await runGraph(edited, { x, [mask]: masked(0, 0, 0), [values]: poison })).y)).to.deep.equal(
      list(base.y),
    );
  });

  it("replaces the rows whose mask is set and leaves the others alone", async () => {
    const base = list((await runGraph(model, { x })).y);
    const all = list((await runGraph(edited, { x, [mask]: masked(1, 1, 1), [values]: z })).y);
    const one = list((await runGraph(edited, { x, [mask]: masked(0, 1, 0), [values]: z })).y);
    expect(one).to.deep.equal([...base.slice(0, 2), ...all.slice(2, 4), ...base.slice(4)]);
    expect(one).to.not.deep.equal(base);
  });

  it("sends the gradient to the values where the mask is set, and past them elsewhere", async () => {
    const feeds = { x, [mask]: masked(0, 1, 0), [values]: z };
    const backward = gradientGraph(edited, {
      outputs: ["y"],
      targets: [values, "x"],
      trace: await trace(edited, feeds, runGraph),
    });
    const results = await runGraph(backward, { ...feeds, "cotangent:y": float32([1, 2, 3, 4, 5, 6], [3, 2]) });
    const toValues = list(results[`grad:${values}`]);
    const toX = list(results["grad:x"]);
    expect([...toValues.slice(0, 4), ...toValues.slice(8)]).to.deep.equal(Array(8).fill(0));
    expect(toX.slice(3, 6)).to.deep.equal([0, 0, 0]);
    const W2 = Array.from(seededValues("float32", [2, 4], 1, 2).data as Float32Array);
    expectNear(toValues.slice(4, 8), [0, 1, 2, 3].map((k) => 3 * W2[k] + 4 * W2[4 + k]), "float32", "row 1"); // prettier-ignore
    expect(toX.slice(0, 3).every((value) => value !== 0)).to.equal(true);
  });

  it("refuses a second override of one value, and values that no node computes", () => {
    expect(() => override(edited, "z")).to.throw(SurgeryError, 'value "z": it is overridden already.');
    expect(() => override(model, "zz")).to.throw(UnknownGraphNameError, 'Did you mean "z"?');
  });
});
