import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../../../datasets/case.ts";
import type { Editor } from "../../../../kernels/editors/editor.ts";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { evaluate, type EvaluateOptions } from "../../../../kernels/evaluation/evaluate.ts";
import { protocolNamed, protocolsOf } from "../../../../kernels/evaluation/protocols/index.ts";
import { ProtocolError } from "../../../../kernels/evaluation/protocols/protocol-error.ts";
import { withoutTimes } from "../../../../kernels/evaluation/without-times.ts";
import { runPlan } from "../../../../kernels/runs/run.ts";
import { baseTable, tableCases } from "../table-cases.ts";
import { flood, noOp, oracle, tableEditor, TableModel } from "../table-model.ts";

const cases = tableCases(12);
const model = () => new TableModel(baseTable(cases));
const run = (protocol: string, editor: Editor, more: Partial<EvaluateOptions> = {}) =>
  evaluate({ model: model(), editor, cases, protocol, ...more });
const ALL = ["single", "batch:5", "batch:5:official", "group:4", "gap:3", "sequential", "sequential:3,7"];

/** Records what every call of the editor saw. */
function spied(editor: Editor) {
  const calls: { cases: string[]; inForce: number }[] = [];
  const spy: Editor = {
    ...editor,
    edit: (target, edited, context) => {
      calls.push({ cases: edited.map(({ id }) => id), inForce: target.edits.flatMap((edit) => edit.cases).length });
      return editor.edit(target, edited, context);
    },
  };
  return { spy, calls };
}

describe("every protocol", () => {
  for (const protocol of ALL)
    describe(protocol, () => {
      it("gives an editor that changes nothing the base rate, and locality of exactly 1", async () => {
        for (const { metric, value, base } of (await run(protocol, noOp)).rows) {
          expect(value).to.equal(base);
          if (metric.includes("locality")) expect(value).to.equal(1);
        }
      });

      it("gives an oracle reliability and locality of 1", async () => {
        for (const { metric, profile, value } of (await run(protocol, oracle)).rows)
          if (metric === "reliability" || metric.includes("locality"))
            expect(value, `${metric} ${profile}`).to.equal(1);
      });

      it("takes the values before an edit from the base model, whatever is in force", async () => {
        const { cases: tested } = await run(protocol, flood);
        for (const { answer, probes } of tested) {
          expect(answer).to.equal("left lung");
          for (const { kind, before } of probes)
            expect(before).to.equal(
              kind.includes("locality") ? (before === "no lesion" ? before : "axial plane") : "left lung",
            );
        }
      });

      it("asks the base model once per probe", async () => {
        const counted = model();
        const { cases: tested } = await run(protocol, oracle, { model: counted });
        const distinct = new Map(tested.map(({ id, probes }) => [id, probes.length]));
        const base = [...distinct.values()].reduce((sum, n) => sum + n, 0);
        const edited = tested.reduce((sum, { probes }) => sum + probes.length, 0);
        expect(counted.calls.answer).to.equal(base + edited);
      });

      it("says in the document, the rows and the run's id how it was measured", async () => {
        const document = await run(protocol, oracle);
        expect(document.protocol).to.equal(protocol);
        const groups = document.rows.map(({ comparable_group }) => comparable_group);
        if (protocol === "single") for (const group of groups) expect(group).not.to.include("@");
        else for (const group of groups) expect(group).to.match(/@(5|5\.equal-batches|group4|gap3|sequential\d+)$/);
        expect(JSON.parse(JSON.stringify(document))).to.deep.equal(document);
      });

      it("goes on from a store, and gives the same document", async () => {
        const folder = mkdtempSync(join(tmpdir(), "medke-protocol-"));
        try {
          const plan = (editor: Editor) => ({
            folder,
            models: [{ model: model() }],
            editors: [editor],
            cases,
            protocols: [protocol],
          });
          const whole = withoutTimes((await runPlan(plan(oracle))).evaluations[0]);
          expect(whole).to.deep.equal(withoutTimes(await run(protocol, oracle)));
          const { spy, calls } = spied(oracle);
          const again = await runPlan(plan(spy));
          expect([again.computed, calls]).to.deep.equal([0, []]);
          expect(withoutTimes(again.evaluations[0])).to.deep.equal(whole);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });

      it("reads a stream as it does a list", async () => {
        const stream = (async function* () {
          yield* cases;
        })();
        const streamed = await run(protocol, oracle, { cases: stream });
        expect(withoutTimes(streamed)).to.deep.equal(withoutTimes(await run(protocol, oracle)));
      });
    });
});

describe("protocols with several edits in force", () => {
  it("batch: hands the whole batch to one call, on the base model", async () => {
    const { spy, calls } = spied(oracle);
    await run("batch:5", spy);
    expect(calls.map(({ cases: edited, inForce }) => [edited.length, inForce])).to.deep.equal([[5, 0], [5, 0], [2, 0]]); // prettier-ignore
  });

  it("sequential: edits each case on a model that holds all edits before it", async () => {
    const { spy, calls } = spied(oracle);
    await run("sequential", spy);
    expect(calls.map(({ inForce }) => inForce)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("group: starts every group on the base model", async () => {
    const { spy, calls } = spied(oracle);
    await run("group:4", spy);
    expect(calls.map(({ inForce }) => inForce)).to.deep.equal([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]);
  });

  it("sequential: shows at its checkpoints how the first edit is lost to later ones", async () => {
    // Every edit floods the table with its own target, so that only the last edited case says its own.
    const targets = cases.map((each, i): EditCase => {
      const target = `side ${i}`;
      const probes = each.probes.map((probe) =>
        "answer" in probe.expect ? { ...probe, expect: { answer: target } } : probe,
      );
      return { ...each, target, probes };
    });
    const { rows, cases: tested } = await run("sequential", flood, { cases: targets });
    const reliability = rows.filter(({ metric, profile }) => metric === "reliability" && profile === "gen-exact");
    expect(reliability.map(({ edits, value, n }) => [edits, value, n])).to.deep.equal([[1, 1, 1], [10, 0.1, 10], [12, 1 / 12, 12]]); // prettier-ignore
    expect(reliability.map(({ comparable_group }) => comparable_group.split("@")[1])).to.deep.equal(["sequential1", "sequential10", "sequential12"]); // prettier-ignore
    expect(tested).to.have.length(23);
  });

  it("gap: tests a case when exactly so many other edits lie behind its own", async () => {
    const { cases: tested } = await run("gap:3", oracle);
    expect(tested.map(({ id, edits }) => [id, edits])).to.deep.equal(
      Array.from({ length: 9 }, (_, i) => [`table-${i}`, i + 4]),
    );
  });

  it("official batches weigh alike, so that the last, smaller one counts as much: 0.6667 against 0.8 by record", async () => {
    // The golden of the group weights: 25 records in batches of 10, of which those of the first two batches succeed.
    const many = tableCases(25);
    const table = new TableModel(baseTable(many));
    const full = tableEditor("full-batches", (each) => ({ [`${each.image?.id}|${each.question}`]: each.target }));
    const editor: Editor = {
      ...full,
      edit: (target, edited, context) => (edited.length === 10 ? full : noOp).edit(target, edited, context),
    };
    const value = async (protocol: string) =>
      (await evaluate({ model: table, editor, cases: many, protocol })).rows.find(
        ({ metric, profile }) => metric === "reliability" && profile === "gen-exact",
      )!.value;
    expect(await value("batch:10:official")).to.be.closeTo(2 / 3, 1e-12);
    expect(await value("batch:10")).to.be.closeTo(0.8, 1e-12);
  });

  it("measures once what two protocols measure alike", async () => {
    const folder = mkdtempSync(join(tmpdir(), "medke-protocol-"));
    const plan = (protocols: string[]) => ({
      folder,
      models: [{ model: model() }],
      editors: [oracle],
      cases,
      protocols,
    });
    try {
      await runPlan(plan(["single"]));
      const { computed, reused } = await runPlan(plan(["group:1", "batch:1"]));
      expect([computed, reused]).to.deep.equal([0, 24]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("goes on in the middle of a sequence that was stopped: edits are made again, tests are not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "medke-protocol-"));
    const controller = new AbortController();
    let tests = 0;
    const plan = (editor: Editor) => ({
      folder,
      models: [{ model: model() }],
      editors: [editor],
      cases,
      protocols: ["gap:3"],
    });
    try {
      const onCase = () => ++tests === 5 && controller.abort();
      await runPlan({ ...plan(oracle), signal: controller.signal, onCase }).catch(() => {});
      const { spy, calls } = spied(oracle);
      const { computed, reused, evaluations } = await runPlan(plan(spy));
      expect([computed, reused, calls.length]).to.deep.equal([4, 5, 12]);
      expect(withoutTimes(evaluations[0])).to.deep.equal(withoutTimes(await run("gap:3", oracle)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses a protocol that the editor does not take before anything is asked", async () => {
    const untouched = model();
    const { takes: _, ...single } = noOp;
    const error = await run("batch:5", single, { model: untouched }).catch((e) => e);
    expect(error).to.be.instanceOf(ProtocolError);
    expect(untouched.calls).to.deep.equal({ answer: 0, score: 0 });
  });

  it("lists what an editor takes form by form: batches alone are enough for one form of edit-then-confuse", () => {
    expect(protocolsOf(["batch"])).to.deep.equal([
      "single[:official]",
      "batch:N[:official|:recipe]",
      "edit-then-confuse:batch",
    ]);
    expect(protocolsOf(["sequence"]))
      .to.include("edit-then-confuse")
      .and.not.include("edit-then-confuse:batch");
    for (const spelt of ["edit-then-confuse", "edit-then-confuse:batch"])
      expect(protocolsOf(protocolNamed(spelt).needs)).to.include(spelt);
  });

  it("says how many cases a test takes where there are too few", async () => {
    const error = await run("gap:20", noOp).catch((e) => e);
    expect(error).to.be.instanceOf(ProtocolError);
    expect(error.message).to.equal(
      'protocol "gap:20": 12 cases are too few for one test; it reads 21 or more. Raise the limit, or take a smaller number.',
    );
    const none = async function* (): AsyncGenerator<EditCase> {};
    expect(await run("gap:2", noOp, { cases: none() }).catch((e) => e)).to.be.instanceOf(EmptySetError);
  });
});
