import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { EditCase } from "../../../../datasets/case.ts";
import { evaluate } from "../../../../kernels/evaluation/evaluate.ts";
import { withoutTimes } from "../../../../kernels/evaluation/without-times.ts";
import { runPlan } from "../../../../kernels/runs/run.ts";
import { baseTable, tableCases } from "../table-cases.ts";
import { flood, noOp, oracle, tableEditor, TableModel } from "../table-model.ts";

const PROTOCOL = "single:official";
const targets = ["right lung", "right lung", "heart", "heart", "heart", "left kidney"];
/** The flood answers every question with the target, so that each locality value follows from the targets alone. */
const cases: EditCase[] = tableCases(targets.length).map((each, i) => ({ ...each, target: targets[i] }));
const model = () => new TableModel(baseTable(cases));
const run = (protocol: string, editor = flood) => evaluate({ model: model(), editor, cases, protocol });

describe("protocol single:official, on made-up records", () => {
  it("compares locality with the model as the edit before left it", async () => {
    const { cases: tested } = await run(PROTOCOL);
    tested.forEach(({ probes, answer, group, edits }, i) => {
      // Values before an edit of all other probes, and the case's own answer, stay those of the base model.
      expect([answer, probes[0].before]).to.deep.equal(["left lung", "left lung"]);
      for (const { kind, before, after, pass } of probes.filter(({ kind }) => kind.includes("locality"))) {
        expect(after).to.equal(targets[i]);
        if (i > 0) expect(before, `case ${i}, ${kind}`).to.equal(targets[i - 1]);
        expect(pass).to.equal(i > 0 && targets[i] === targets[i - 1]);
      }
      expect([group, edits]).to.deep.equal([i, 1]);
    });
  });

  it("gives the numbers computed by hand, in a group of its own", async () => {
    const locality = async (protocol: string) =>
      (await run(protocol)).rows.filter(
        ({ metric }) => metric === "image-locality" || metric === "text-image-locality",
      );
    const rows = await locality(PROTOCOL);
    expect(rows.length).to.be.above(0);
    // Cases 1, 3 and 4 of 6 have the target of the case before; the first is compared with the base model, and nothing of it stays.
    for (const { profile, value, base, comparable_group } of rows) {
      if (profile === "gen-exact") expect(value).to.equal(0.5);
      expect(base).to.equal(1);
      expect(comparable_group).to.match(/@unrestored$/);
    }
    const corrected = (await locality("single")).filter(({ profile }) => profile === "gen-exact");
    for (const { value } of corrected) expect(value).to.equal(0);
  });

  it("changes nothing where nothing is left behind: the first case, and an editor that does nothing", async () => {
    const own = (await run(PROTOCOL)).cases[0].probes;
    expect(own).to.deep.equal((await run("single")).cases[0].probes);
    for (const { metric, value, base } of (await run(PROTOCOL, noOp)).rows) {
      expect(value).to.equal(base);
      if (metric.includes("locality")) expect(value).to.equal(1);
    }
    const probes = async (protocol: string) => (await run(protocol, oracle)).cases.map((each) => each.probes);
    expect(await probes(PROTOCOL)).to.deep.equal(await probes("single"));
  });

  it("makes every edit on the base model", async () => {
    const inForce: number[] = [];
    const spy = { ...flood, edit: (...[target, ...rest]: Parameters<typeof flood.edit>) => (inForce.push(target.edits.length), flood.edit(target, ...rest)) }; // prettier-ignore
    await run(PROTOCOL, spy);
    expect(inForce).to.deep.equal([0, 0, 0, 0, 0, 0]);
  });

  it("goes on from a store: what is missing is compared with the same model as in one run", async () => {
    const folder = mkdtempSync(join(tmpdir(), "medke-official-"));
    try {
      const plan = (limit: number) => ({ folder, models: [{ model: model() }], editors: [flood], cases: cases.slice(0, limit), protocols: [PROTOCOL] }); // prettier-ignore
      await runPlan(plan(3));
      const whole = await runPlan(plan(6));
      expect(whole.computed).to.equal(3);
      expect(withoutTimes(whole.evaluations[0])).to.deep.equal(withoutTimes(await run(PROTOCOL)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("keeps results apart whose baselines differ", async () => {
    const folder = mkdtempSync(join(tmpdir(), "medke-official-"));
    const other = tableEditor("flood", ({ target }) => ({ "*": target }));
    try {
      const plan = (own: EditCase[]) => ({ folder, models: [{ model: model() }], editors: [other], cases: own, protocols: [PROTOCOL] }); // prettier-ignore
      await runPlan(plan([cases[0], cases[2]]));
      // Case 2 again, now behind another case: of three tests, the first alone is known.
      expect((await runPlan(plan([cases[0], cases[1], cases[2]]))).computed).to.equal(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
