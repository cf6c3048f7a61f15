import { expect } from "chai";
import { planUnits, RepeatedUnitError } from "../../../kernels/runs/plan.ts";
import { baseTable, tableCases } from "../evaluation/table-cases.ts";
import { noOp, oracle, TableModel } from "../evaluation/table-model.ts";

const cases = tableCases(3);
const model = new TableModel(baseTable(cases));
const spec = { models: [{ model }], editors: [oracle, noOp], cases, seeds: [0, 1] };
const keys = (changes: Partial<typeof spec> & { corpus?: typeof cases } = {}) =>
  planUnits({ ...spec, ...changes }).map(({ key }) => key);

describe("planUnits", () => {
  it("makes one unit of every case, editor, model and seed, with a key of its own", () => {
    const units = planUnits(spec);
    expect(units.map(({ editor, seed, case: each }) => `${editor.id} ${seed} ${each.id}`).slice(0, 4)).to.deep.equal([
      "oracle 0 table-0",
      "oracle 0 table-1",
      "oracle 0 table-2",
      "oracle 1 table-0",
    ]);
    expect(new Set(keys()).size).to.equal(12);
    for (const key of keys()) expect(key).to.match(/^[0-9a-f]{32}$/);
  });

  it("keeps the keys when only order or the place of the images differs", () => {
    expect(keys({ editors: [noOp, oracle] }).sort()).to.deep.equal(keys().sort());
    expect(keys({ cases: JSON.parse(JSON.stringify(cases).replaceAll("/images/", "/elsewhere/")) })).to.deep.equal(
      keys(),
    );
  });

  it("changes the keys with the corpus only where the editor reads it, so that a longer run reuses a shorter one", () => {
    const reading = { ...oracle, id: "reading", needs: ["forward", "corpus"] } as typeof oracle;
    expect(keys({ corpus: [] })).to.deep.equal(keys());
    for (const key of keys({ editors: [reading], corpus: [] }))
      expect(keys({ editors: [reading] })).not.to.include(key);
  });

  it("changes every key with the weights, the options or the edits in force", () => {
    const edited = model.with({
      id: "e",
      editor: "x",
      cases: [],
      interventions: [],
      scope: { kind: "always" },
      provenance: { editor: "x", model: "m", seed: 0, options: {} },
    });
    const others = [
      keys({ models: [{ model, digest: "other weights" } as { model: TableModel }] }),
      keys({ models: [{ model: edited }] }),
      keys({ editors: [oracle, noOp].map((editor) => ({ ...editor, options: { steps: 3 } })) }),
    ];
    for (const other of others) for (const key of other) expect(keys()).not.to.include(key);
  });

  it("refuses to do the same unit twice", () =>
    expect(() => planUnits({ ...spec, seeds: [1, 1] })).to.throw(
      RepeatedUnitError,
      'plan: oracle on table-model, case "table-0", seed 1 occurs twice. Drop the repetition.',
    ));
});
