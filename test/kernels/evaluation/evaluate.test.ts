import { expect } from "chai";
import type { Edit } from "../../../kernels/models/edit.ts";
import { evaluate, runId } from "../../../kernels/evaluation/evaluate.ts";
import { withoutTimes } from "../../../kernels/evaluation/without-times.ts";
import { baseTable, tableCases } from "./table-cases.ts";
import { noOp, oracle, TableModel } from "./table-model.ts";

const cases = tableCases(5);
const model = () => new TableModel(baseTable(cases));

describe("evaluate", () => {
  it("makes the whole document", async () => {
    const skipped = [{ reason: "the model answers it wrongly", count: 3 }];
    const document = await evaluate({ model: model(), editor: oracle, cases, seed: 2, skipped });
    expect(document).to.include({
      model: "table-model",
      editor: "oracle",
      benchmark: "table",
      protocol: "single",
      seed: 2,
    });
    expect(document.run.id).to.match(/^[0-9a-f]{16}$/);
    expect(document.run.medke).to.match(/^\d+\.\d+\.\d+/);
    expect(document.run.node).to.equal(process.version);
    expect(new Date(document.run.started).toISOString()).to.equal(document.run.started);
    expect(document.device.device).to.equal("cpu");
    expect(document.rows).to.have.length(8);
    expect(document.rows.map(({ n }) => n)).to.deep.equal([5, 5, 4, 4, 5, 5, 5, 5]);
    expect(document.cases).to.have.length(5);
    expect(document.skipped).to.deep.equal(skipped);
    expect(document.notice).to.contain("not medical information");
    expect(JSON.parse(JSON.stringify(document))).to.deep.equal(document);
  });

  it("gives the same document twice but for its times", async () => {
    const [a, b] = [
      await evaluate({ model: model(), editor: oracle, cases }),
      await evaluate({ model: model(), editor: oracle, cases }),
    ];
    expect(JSON.stringify(withoutTimes(a))).to.equal(JSON.stringify(withoutTimes(b)));
  });

  it("removes every time, and nothing else", async () => {
    const document = await evaluate({ model: model(), editor: oracle, cases });
    document.cases[0].edit_ms = 12;
    const bare = withoutTimes(document);
    expect([bare.run.started, bare.run.seconds, bare.cases[0].edit_ms]).to.deep.equal(["", 0, 0]);
    expect({ ...bare, run: document.run, cases: document.cases }).to.deep.equal(document);
  });
});

describe("runId", () => {
  const cpu = { requested: "cpu", device: "cpu", reason: "asked for" } as const;
  const model = { id: "m", device: cpu, edits: [] };
  const plan = { model, editor: oracle, cases, corpus: cases, seed: 0 };

  it("stays when only the place of the images differs", () => {
    const moved = JSON.parse(JSON.stringify(cases).replaceAll("/images/", "/elsewhere/")) as typeof cases;
    expect(runId({ ...plan, cases: moved })).to.equal(runId(plan));
  });

  const fromCorpus = { ...oracle, needs: ["forward", "corpus"] as const } as unknown as typeof oracle;

  it("changes with everything that determines the numbers", () => {
    const retargeted = cases.map((each) => ({ ...each, target: "both lungs" }));
    const others = [
      { ...plan, model: { ...model, id: "m2" } },
      { ...plan, model: { ...model, device: { ...cpu, device: "webgpu" } as const } },
      { ...plan, model: { ...model, edits: [{ id: "earlier edit" } as Edit] } },
      { ...plan, modelDigest: "abc" },
      { ...plan, editor: noOp },
      { ...plan, editor: { ...oracle, options: { steps: 3 } } },
      { ...plan, seed: 1 },
      { ...plan, cases: cases.slice(1) },
      { ...plan, cases: retargeted },
      { ...plan, editor: fromCorpus },
      { ...plan, editor: fromCorpus, corpus: [] },
    ].map(runId);
    expect(new Set([runId(plan), ...others]).size).to.equal(12);
  });

  it("stays when only a corpus differs that the editor does not read", () =>
    expect(runId({ ...plan, corpus: [] })).to.equal(runId(plan)));
});
