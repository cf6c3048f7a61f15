import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { evaluate, type EvaluateOptions } from "../../../kernels/evaluation/evaluate.ts";
import { runKey, type RunIdentity } from "../../../kernels/evaluation/run-key.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import { baseTable, tableCases } from "./table-cases.ts";
import { noOp, oracle, TableModel } from "./table-model.ts";

const cases = tableCases(4);

describe("the id of a run", () => {
  const idOf = async (changes: Partial<EvaluateOptions> = {}) =>
    (await evaluate({ model: new TableModel(baseTable(cases)), editor: oracle, cases, ...changes })).run.id;

  it("stays when only the place of the images differs", async () => {
    const moved = JSON.parse(JSON.stringify(cases).replaceAll("/images/", "/elsewhere/")) as EditCase[];
    expect(await idOf({ cases: moved })).to.equal(await idOf());
  });

  it("changes with the cases, their order, the protocol, the seed, the editor and the weights", async () => {
    const others: Partial<EvaluateOptions>[] = [
      { cases: cases.slice(1) },
      { cases: [...cases].reverse() },
      { cases: cases.map((each) => ({ ...each, target: "both lungs" })) },
      { protocol: "batch:2" },
      { protocol: "batch:3" },
      { protocol: "sequential" },
      { seed: 1 },
      { editor: noOp },
      { modelDigest: "abc" },
    ];
    const ids = await Promise.all([{}, ...others].map(idOf));
    expect(new Set(ids).size).to.equal(others.length + 1);
  });
});

describe("runKey", () => {
  const cpu = { requested: "cpu", device: "cpu", reason: "asked for" } as const;
  const model = { id: "m", device: cpu, edits: [] };
  const run: RunIdentity = { model, editor: oracle, corpus: cases, seed: 0 };
  const choosing = { ...oracle, needs: ["forward" as const, "corpus" as const] };
  const measuring = { ...oracle, needs: ["forward" as const, "statistics" as const] };

  it("changes with everything that determines the numbers", () => {
    const others: RunIdentity[] = [
      { ...run, model: { ...model, id: "m2" } },
      { ...run, model: { ...model, device: { ...cpu, device: "webgpu" } } },
      { ...run, model: { ...model, edits: [{ id: "earlier edit" } as Edit] } },
      { ...run, modelDigest: "abc" },
      { ...run, editor: noOp },
      { ...run, editor: { ...oracle, options: { steps: 3 } } },
      { ...run, seed: 1 },
      { ...run, editor: choosing },
      { ...run, editor: choosing, corpus: [] },
      { ...run, editor: measuring, statistics: "abc" },
      { ...run, editor: measuring, statistics: "abd" },
    ];
    expect(new Set([run, ...others].map(runKey)).size).to.equal(others.length + 1);
  });

  it("stays when only a corpus differs that the editor does not read, so that a longer run reuses a shorter one", () =>
    expect(runKey({ ...run, corpus: [] })).to.equal(runKey(run)));

  it("holds statistics only where the editor takes them", () =>
    expect(runKey({ ...run, statistics: "abc" })).to.equal(runKey(run)));

  it("is 32 hexadecimal digits", () => expect(runKey(run)).to.match(/^[0-9a-f]{32}$/));
});
