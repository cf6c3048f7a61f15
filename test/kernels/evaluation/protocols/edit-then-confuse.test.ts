import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { evaluate } from "../../../../kernels/evaluation/evaluate.ts";
import type { ConfusionEvaluation } from "../../../../kernels/evaluation/confusion/result.ts";
import { ProtocolError } from "../../../../kernels/evaluation/protocols/protocol-error.ts";
import { withoutTimes } from "../../../../kernels/evaluation/without-times.ts";
import { runPlan } from "../../../../kernels/runs/run.ts";
import { sidePairs } from "../confusion/confusion-pairs.ts";
import { baseTable, tableCases } from "../table-cases.ts";
import { type AnswerTable, entry, flood, noOp, oracle, TableModel } from "../table-model.ts";

const cases = tableCases(4);
const pairs = sidePairs(6);
/** A model that knows every pair, and the cases as the base table has them. */
const knowing: AnswerTable = {
  ...baseTable(cases),
  ...Object.fromEntries(
    pairs.flatMap(({ images, question }) => [
      [entry({ image: images[0], question }), "left"],
      [entry({ image: images[1], question }), "on the right"],
    ]),
  ),
};
const model = () => new TableModel(knowing);
const confusion = { pairs, mode: "ff" as const };
const setsRight = ({ rows }: ConfusionEvaluation) =>
  rows.find(({ metric, category, rule }) => metric === "set" && category === "All" && rule === "official")!.value;

describe("protocol edit-then-confuse", () => {
  for (const protocol of ["edit-then-confuse", "edit-then-confuse:batch"])
    describe(protocol, () => {
      it("finds that edits which touch nothing else leave the pairs as they were, and that they took", async () => {
        const document = await evaluate({ model: model(), editor: oracle, cases, protocol, confusion });
        const { edits, before, after } = document.confusion!;
        expect([edits, setsRight(before), setsRight(after)]).to.deep.equal([4, 1, 1]);
        const reliability = document.rows.filter(({ metric }) => metric === "reliability");
        for (const { value, n, edits: inForce } of reliability) expect([value, n, inForce]).to.deep.equal([1, 4, 4]);
      });

      it("finds that an edit which floods the model destroys what it knew of the pairs", async () => {
        const { confusion: change } = await evaluate({ model: model(), editor: flood, cases, protocol, confusion });
        expect([setsRight(change!.before), setsRight(change!.after)]).to.deep.equal([1, 0]);
      });

      it("keeps the answers to the pairs in a store", async () => {
        const folder = mkdtempSync(join(tmpdir(), "medke-confuse-"));
        try {
          const plan = (asked: TableModel) => ({ folder, models: [{ model: asked }], editors: [oracle], cases, protocols: [protocol], confusion }); // prettier-ignore
          const first = await runPlan(plan(model()));
          const again = model();
          const second = await runPlan(plan(again));
          expect(again.calls.answer).to.equal(0);
          expect(second.evaluations.map(withoutTimes)).to.deep.equal(first.evaluations.map(withoutTimes));
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
    });

  it("belongs to another run when other pairs are asked", async () => {
    const idOf = async (n: number) =>
      (await evaluate({ model: model(), editor: noOp, cases, protocol: "edit-then-confuse", confusion: { pairs: pairs.slice(0, n), mode: "ff" } })).run.id; // prettier-ignore
    expect(await idOf(6)).not.to.equal(await idOf(5));
  });

  it("says so where no pairs were given", async () => {
    const error = await evaluate({ model: model(), editor: noOp, cases, protocol: "edit-then-confuse" }).catch(
      (e) => e,
    );
    expect(error).to.be.instanceOf(ProtocolError);
    expect(error.message).to.contain("asks confusion pairs before and after the edits");
  });
});
