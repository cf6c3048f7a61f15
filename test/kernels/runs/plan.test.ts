import { expect } from "chai";
import { planRuns, RepeatedRunError } from "../../../kernels/runs/plan.ts";
import { baseTable, tableCases } from "../evaluation/table-cases.ts";
import { noOp, oracle, TableModel } from "../evaluation/table-model.ts";

const cases = tableCases(3);
const model = new TableModel(baseTable(cases));
const spec = { models: [{ model }], editors: [oracle, noOp], cases, protocols: ["single", "batch:2"], seeds: [0, 1] };

describe("planRuns", () => {
  it("makes a document of every editor, protocol and seed, in that order", () =>
    expect(planRuns(spec).map(({ editor, protocol, seed }) => `${editor.id} ${protocol} ${seed}`)).to.deep.equal([
      "oracle single 0",
      "oracle single 1",
      "oracle batch:2 0",
      "oracle batch:2 1",
      "no-op single 0",
      "no-op single 1",
      "no-op batch:2 0",
      "no-op batch:2 1",
    ]));

  it("is one document where nothing more is named", () =>
    expect(planRuns({ models: [{ model }], editors: [oracle], cases })).to.have.length(1));

  it("tells models of other weights apart", () =>
    expect(planRuns({ ...spec, models: ["a", "b"].map((digest) => ({ model, digest })) })).to.have.length(16));

  it("refuses to do the same work twice", () =>
    expect(() => planRuns({ ...spec, seeds: [1, 1] })).to.throw(
      RepeatedRunError,
      "plan: oracle on table-model, single, seed 1 occurs twice. Drop the repetition.",
    ));
});
