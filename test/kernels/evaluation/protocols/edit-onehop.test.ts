import { expect } from "chai";
import type { EditCase, Probe } from "../../../../datasets/case.ts";
import type { Editor } from "../../../../kernels/editors/editor.ts";
import { evaluate } from "../../../../kernels/evaluation/evaluate.ts";
import { ProtocolError } from "../../../../kernels/evaluation/protocols/protocol-error.ts";
import { baseTable, tableCases } from "../table-cases.ts";
import { entry, noOp, tableEditor, TableModel } from "../table-model.ts";

/** Records as VLKEB's one-hop file has them: who is seen, a second edit about that entity, and what follows from both. */
const cases: EditCase[] = tableCases(4).map((each, i) => {
  const probe: Probe = {
    kind: "portability",
    name: "edit-onehop",
    hop: 1,
    image: each.image,
    question: `What follows of lesion ${i}?`,
    expect: { answer: `answer ${i}` },
  };
  const meta: Record<string, string> = { port_edit_q: `Fact ${i}?`, port_edit_a: `fact ${i}` };
  return { ...each, probes: [...each.probes, probe], meta };
});
const model = () => new TableModel(baseTable(cases));

/** Knows what follows only when both the case and its second edit were made, in that order; every other edit breaks it. */
function follows(made: { question: string; image?: string; inForce: number }[] = []): Editor {
  const write = tableEditor("follows", () => ({}));
  return {
    ...write,
    async edit(target, edited, context) {
      const [{ question, image, id }] = edited;
      made.push({ question, ...(image && { image: image.id }), inForce: target.edits.length });
      const known = cases.find(({ id: own }) => id.startsWith(own))!;
      const probe = known.probes.at(-1)!;
      const both = question === known.meta.port_edit_q && target.edits.length === 1;
      const said = both && "answer" in probe.expect ? probe.expect.answer : "half the way";
      return tableEditor("follows", () => ({ [entry(probe)]: said })).edit(target, edited, context);
    },
  };
}

describe("protocol edit-onehop, on made-up records", () => {
  it("makes both edits, one on the other, asks the one probe, and undoes both", async () => {
    const made: { question: string; image?: string; inForce: number }[] = [];
    const protocol = "edit-onehop";
    const { rows, cases: tested } = await evaluate({ model: model(), editor: follows(made), cases, protocol });
    expect(made).to.deep.equal(
      cases.flatMap(({ question, image, meta }) => [
        { question, image: image!.id, inForce: 0 },
        { question: meta.port_edit_q, inForce: 1 },
      ]),
    );
    for (const { probes, edits } of tested) {
      expect(probes.map(({ kind, name }) => [kind, name])).to.deep.equal([["portability", "edit-onehop"]]);
      expect(edits).to.equal(2);
    }
    expect([...new Set(rows.map(({ metric }) => metric))]).to.deep.equal(["portability", "portability/1-hop"]);
    for (const { value, base, n, comparable_group } of rows) {
      expect([value, base, n]).to.deep.equal([1, 0, 4]);
      expect(comparable_group).to.match(/@edit-onehop$/);
    }
  });

  it("is another number than portability after the first edit alone", async () => {
    const { rows } = await evaluate({ model: model(), editor: follows(), cases, protocol: "single" });
    for (const { metric, value } of rows) if (metric === "portability") expect(value).to.equal(0);
  });

  it("asks the second edit about the image where it is told to", async () => {
    const made: { question: string; image?: string; inForce: number }[] = [];
    await evaluate({ model: model(), editor: follows(made), cases: cases.slice(0, 1), protocol: "edit-onehop:image" });
    expect(made.map(({ image }) => image)).to.deep.equal([cases[0].image!.id, cases[0].image!.id]);
  });

  it("counts cases that name no second edit, and says why where there is no other", async () => {
    const some = [{ ...cases[0], meta: {} }, ...cases.slice(1)];
    const document = await evaluate({ model: model(), editor: noOp, cases: some, protocol: "edit-onehop" });
    const reason = "names no second edit (meta.port_edit_q and port_edit_a, as in VLKEB's eval_edit_onehop)";
    expect(document.skipped).to.deep.equal([{ reason, count: 1 }]);
    expect(document.cases).to.have.length(3);
    const none = evaluate({ model: model(), editor: noOp, cases: tableCases(2), protocol: "edit-onehop" });
    const error = await none.catch((e) => e);
    expect(error).to.be.instanceOf(ProtocolError);
    expect(error.message).to.equal(
      `protocol "edit-onehop": none of 2 cases can be tested (2: ${reason}). Take another benchmark, split or protocol.`,
    );
  });
});
