import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CancelledError } from "../../../kernels/errors.ts";
import { EmptySetError } from "../../../kernels/evaluation/empty-set-error.ts";
import { evaluate } from "../../../kernels/evaluation/evaluate.ts";
import { BaseModelChangedError } from "../../../kernels/evaluation/verify-base.ts";
import { withoutTimes } from "../../../kernels/evaluation/without-times.ts";
import { RunInterruptedError, type RunOptions, runPlan, StatisticsOfOneModelError } from "../../../kernels/runs/run.ts";
import { baseTable, tableCases } from "../evaluation/table-cases.ts";
import { noOp, oracle, tableEditor, TableModel } from "../evaluation/table-model.ts";

const cases = tableCases(10);
const failure = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => expect.fail("expected a failure"),
    (error) => error,
  );

describe("runPlan", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "medke-run-"))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const plan = (changes: Partial<RunOptions> = {}): RunOptions => ({
    folder,
    models: [{ model: new TableModel(baseTable(cases)) }],
    editors: [oracle, noOp],
    cases,
    ...changes,
  });

  it("gives the same documents as evaluating each editor by itself", async () => {
    const { evaluations, computed, reused } = await runPlan(plan());
    expect([computed, reused]).to.deep.equal([20, 0]);
    for (const [i, editor] of [oracle, noOp].entries()) {
      const direct = await evaluate({ model: new TableModel(baseTable(cases)), editor, cases });
      expect(withoutTimes(evaluations[i])).to.deep.equal(withoutTimes(direct));
    }
  });

  it("does nothing the second time, and gives the same documents", async () => {
    const first = await runPlan(plan());
    const model = new TableModel(baseTable(cases));
    const second = await runPlan(plan({ models: [{ model }] }));
    expect([second.computed, second.reused]).to.deep.equal([0, 20]);
    expect(model.calls).to.deep.equal({ answer: 0, score: 0 });
    expect(second.evaluations.map(withoutTimes)).to.deep.equal(first.evaluations.map(withoutTimes));
    expect(second.evaluations[0].cases.map(({ edit_ms }) => edit_ms)).to.deep.equal(
      first.evaluations[0].cases.map(({ edit_ms }) => edit_ms),
    );
  });

  it("says how far it came when it is stopped, and then does only the rest", async () => {
    const controller = new AbortController();
    let tests = 0;
    const onCase = () => ++tests === 12 && controller.abort();
    const error = await failure(runPlan(plan({ signal: controller.signal, onCase })));
    expect(error).to.be.instanceOf(RunInterruptedError).and.to.be.instanceOf(CancelledError);
    expect(error.message).to.match(/^stopped; 12 tests are kept in .*\. Run the same again to go on\.$/);
    const left = (error as RunInterruptedError).evaluations;
    expect(left.map(({ editor, partial }) => [editor, partial])).to.deep.equal([
      ["oracle", undefined],
      ["no-op", { tested: 2, of: 10 }],
    ]);
    const seen = new Set<number>();
    const { computed, reused, evaluations } = await runPlan(plan({ onProgress: (done) => seen.add(done) }));
    expect([computed, reused]).to.deep.equal([8, 12]);
    // The first document is complete; of the second, tests 2 to 9 are done now.
    expect([...seen]).to.deep.equal([10, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(evaluations[1].rows[0].n).to.equal(10);
  });

  it("does only the new editor's units when one is added", async () => {
    await runPlan(plan({ editors: [oracle] }));
    const { computed, reused } = await runPlan(plan());
    expect([computed, reused]).to.deep.equal([10, 10]);
  });

  it("makes a document for every seed and every model", async () => {
    const models = ["a", "b"].map((digest) => ({ model: new TableModel(baseTable(cases)), digest }));
    const { evaluations } = await runPlan(plan({ models, editors: [oracle], seeds: [0, 1] }));
    expect(evaluations.map(({ seed }) => seed)).to.deep.equal([0, 1, 0, 1]);
    expect(new Set(evaluations.map(({ run }) => run.id)).size).to.equal(4);
  });

  it("keeps what was finished before an editor failed", async () => {
    let edits = 0;
    const flaky = tableEditor("flaky", () => {
      if (++edits === 4) throw new RangeError("out of memory");
      return {};
    });
    expect(await failure(runPlan(plan({ editors: [flaky] })))).to.be.instanceOf(RangeError);
    const { computed, reused } = await runPlan(plan({ editors: [flaky] }));
    expect([computed, reused]).to.deep.equal([7, 3]);
  });

  it("notices an editor that changed the base model", async () => {
    const model = new TableModel(baseTable(cases));
    const vandal = tableEditor("vandal", () => ((model.drift = 1e-9), {}));
    expect(await failure(runPlan(plan({ models: [{ model }], editors: [vandal] })))).to.be.instanceOf(
      BaseModelChangedError,
    );
  });

  it("refuses the statistics of one model for several", async () => {
    const { models } = plan();
    const statistics = { digest: "abc", of: () => Promise.reject(new Error("not asked")) };
    const other = { ...models[0], digest: "other" };
    expect(await failure(runPlan(plan({ models: [...models, other], statistics })))).to.be.instanceOf(
      StatisticsOfOneModelError,
    );
    expect((await runPlan(plan({ models, statistics }))).computed).to.be.above(0);
  });

  it("refuses an empty plan", async () =>
    expect(await failure(runPlan(plan({ cases: [] })))).to.be.instanceOf(EmptySetError));
});
