import { expect } from "chai";
import { CORRECTION_NOTICE, COUNTERFACTUAL_NOTICE, type EditCase } from "../../../datasets/case.ts";
import { evaluate, type EvaluateOptions } from "../../../kernels/evaluation/evaluate.ts";
import { EvaluationCancelledError } from "../../../kernels/evaluation/evaluation-cancelled-error.ts";
import type { Editor } from "../../../kernels/editors/editor.ts";
import { withoutTimes } from "../../../kernels/evaluation/without-times.ts";
import { baseTable, tableCases } from "./table-cases.ts";
import { noOp, oracle, TableModel } from "./table-model.ts";

const cases = tableCases(5);
async function* streamOf<T>(items: readonly T[]) {
  yield* items;
}
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

  it("labels targets as counterfactual, and as corrections only where every one is the right answer", async () => {
    const notice = async (edited: readonly EditCase[]) =>
      (await evaluate({ model: model(), editor: oracle, cases: edited })).notice;
    const right = cases.map((each): EditCase => ({ ...each, counterfactual: false }));
    expect(await notice(cases)).to.equal(COUNTERFACTUAL_NOTICE);
    expect(await notice(right)).to.equal(CORRECTION_NOTICE);
    expect(await notice([...right.slice(1), cases[0]]), "one counterfactual target labels all").to.equal(
      COUNTERFACTUAL_NOTICE,
    );
    expect(CORRECTION_NOTICE).to.contain("not").and.to.contain("medical information").and.not.to.contain("false");
  });

  it("warns of batches that hold fewer cases than the protocol says, and of a model in the wrong world", async () => {
    const warnings = async (options: Partial<EvaluateOptions>) =>
      (await evaluate({ model: model(), editor: oracle, cases, ...options })).warnings;
    expect(await warnings({ protocol: "batch:8" })).to.deep.equal([
      "batch:8: the only batch holds 5 cases, so these are numbers of smaller batches. Test a multiple of 8 cases.",
    ]);
    expect((await warnings({ protocol: "batch:2" }))![0]).to.contain("batch:2: 1 of 3 batches holds 1 case");
    expect(await warnings({ protocol: "batch:5" })).to.equal(undefined);
    expect(await warnings({ protocol: "group:5" })).to.equal(undefined);
    expect((await warnings({ phantomWorld: true }))![0]).to.contain("unless table-model was trained on it");
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

  it("gives the same rows from a stream without details as from a list, and reads no further than it must", async () => {
    let read = 0;
    const stream = {
      skipped: [{ reason: "no target", count: 2 }],
      async *[Symbol.asyncIterator]() {
        for (const each of tableCases(100)) {
          read++;
          yield each;
        }
      },
    };
    const whole = await evaluate({ model: model(), editor: oracle, cases });
    const streamed = await evaluate({ model: model(), editor: oracle, cases: stream, limit: 5, details: false });
    expect([read, streamed.cases, streamed.skipped]).to.deep.equal([5, [], stream.skipped]);
    expect(streamed.rows).to.deep.equal(whole.rows);
    expect(streamed.run.id).to.equal(whole.run.id);
  });

  it("hands over every case as it is finished, with the probes that a document without details leaves out", async () => {
    const seen: string[] = [];
    const onCase: EvaluateOptions["onCase"] = ({ id, probes }) => seen.push(`${id} ${probes.length}`);
    await evaluate({ model: model(), editor: oracle, cases: cases.slice(0, 3), details: false, onCase });
    expect(seen).to.deep.equal(["table-0 4", "table-1 4", "table-2 3"]);
  });

  it("gives an editor that takes demonstrations all cases of a stream", async () => {
    let offered: readonly unknown[] = [];
    const choosing: Editor = {
      ...noOp,
      needs: ["forward", "corpus"],
      edit: (m, edited, context) => ((offered = context!.corpus!), noOp.edit(m, edited, context)),
    };
    await evaluate({ model: model(), editor: choosing, cases: streamOf(cases) });
    expect(offered).to.deep.equal(cases);
  });

  it("asks the base model once, whatever the editors and protocols", async () => {
    const counted = model();
    await evaluate({ model: counted, editor: noOp, cases });
    const { answer } = counted.calls;
    await evaluate({ model: counted, editor: oracle, cases });
    await evaluate({ model: counted, editor: oracle, cases, protocol: "batch:2" });
    // Half of the first run's questions went to the base model; the two others asked their edited views alone.
    expect(counted.calls.answer).to.equal(2 * answer);
  });

  it("leaves a document of what was finished when it is stopped, which says how far it came", async () => {
    const controller = new AbortController();
    const onCase = ({ id }: { id: string }) => id === "table-2" && controller.abort();
    const error = await evaluate({ model: model(), editor: oracle, cases, signal: controller.signal, onCase }).catch(
      (e) => e,
    );
    expect(error).to.be.instanceOf(EvaluationCancelledError);
    const { evaluation } = error as EvaluationCancelledError;
    expect(evaluation!.partial).to.deep.equal({ tested: 3, of: 5 });
    expect(evaluation!.rows).to.deep.equal(
      (await evaluate({ model: model(), editor: oracle, cases: cases.slice(0, 3) })).rows,
    );
  });
});
