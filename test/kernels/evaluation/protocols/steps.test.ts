import { expect } from "chai";
import { UnknownNameError } from "../../../../kernels/errors.ts";
import { protocolNamed, protocols, requireTakes } from "../../../../kernels/evaluation/protocols/index.ts";
import { ProtocolError } from "../../../../kernels/evaluation/protocols/protocol-error.ts";
import { numpyRandom } from "../../../../kernels/numpy-random.ts";
import { tableCases } from "../table-cases.ts";
import { stepsOf } from "./steps-of.ts";

const cases = tableCases(5);
const steps = async (spelt: string, n = 5) => (await stepsOf(spelt, tableCases(n))).steps;

describe("the steps of a protocol", () => {
  it("single: edit, probe, restore", async () => expect(await steps("single", 2)).to.equal("e0 p0 | e1 p1 |"));

  it("single:official: what the edit before left is the baseline, and only then the restore", async () => {
    expect(await steps("single:official", 3)).to.equal("e0 p0 b | e1 p1 b | e2 p2 |");
    expect(await steps("single:official", 0)).to.equal("|");
  });

  it("edit-onehop: the case, the second edit that it names, the probe; others are counted", async () => {
    const fact = { port_edit_q: "Who drew it?", port_edit_a: "Ann" };
    const named = tableCases(3).map((each, i) => (i === 1 ? each : { ...each, meta: fact }));
    const { steps: done, skipped } = await stepsOf("edit-onehop", named);
    expect(done).to.equal("e0 e0, second edit p0 | e2 e2, second edit p2 |");
    expect(skipped).to.deep.equal([
      "names no second edit (meta.port_edit_q and port_edit_a, as in VLKEB's eval_edit_onehop)",
    ]);
    const { includes } = protocolNamed("edit-onehop");
    const probe = { kind: "portability" as const, question: "?", expect: { answer: "a" } };
    expect([includes!({ ...probe, name: "edit-onehop" }), includes!(probe)]).to.deep.equal([true, false]);
  });

  it("batch:2: two cases in one edit; the last, smaller batch is kept", async () =>
    expect(await steps("batch:2")).to.equal("e0+1 p0 p1 | e2+3 p2 p3 | e4 p4 |"));

  it("group:2: two edits one after another; what is left over is counted, not tested", async () => {
    const { steps: done, skipped } = await stepsOf("group:2", cases);
    expect(done).to.equal("e0 e1 p0 p1 | e2 e3 p2 p3 |");
    expect(skipped).to.deep.equal(["left over: not a full group of 2"]);
  });

  it("gap:2: each case is tested once two other edits lie behind its own; the last two are edits alone", async () => {
    const { steps: done, skipped } = await stepsOf("gap:2", cases);
    expect(done).to.equal("e0 e1 e2 p0 e3 p1 e4 p2 |");
    expect(skipped).to.have.length(2);
    expect(protocolNamed("gap:2").reads(3)).to.equal(5);
    expect(protocolNamed("gap:2").tests(5)).to.equal(3);
  });

  it("gap: asks what VLKEB asks: no portability beyond one hop, no text of other kinds", () => {
    const { includes } = protocolNamed("gap:10");
    const probe = { question: "?", expect: { answer: "a" } };
    const asked = [
      { ...probe, kind: "reliability" as const },
      { ...probe, kind: "portability" as const, hop: 1 as const },
      { ...probe, kind: "portability" as const, hop: 2 as const },
      { ...probe, kind: "robustness" as const },
      { ...probe, kind: "text-locality" as const },
    ].map((each) => includes!(each));
    expect(asked).to.deep.equal([true, true, false, false, true]);
  });

  it("sequential: all edited so far at 1, 10, 50, ... edits and at the last", async () => {
    expect(await steps("sequential", 3)).to.equal("e0 p0 e1 e2 p0 p1 p2 |");
    expect(await steps("sequential:2,3", 4)).to.equal("e0 e1 p0 p1 e2 p0 p1 p2 e3 p0 p1 p2 p3 |");
    const at = [...(await steps("sequential", 120)).matchAll(/e(\d+) p0/g)].map(([, last]) => Number(last) + 1);
    expect(at).to.deep.equal([1, 10, 50, 100, 120]);
  });

  it("edit-then-confuse: pairs, all edits, all probes, pairs", async () => {
    expect(await steps("edit-then-confuse", 2)).to.equal("c e0 e1 p0 p1 c |");
    expect(await steps("edit-then-confuse:batch", 2)).to.equal("c e0+1 p0 p1 c |");
  });

  it("batch:N:official: the cases once more in numpy's order of the seed", async () => {
    const many = tableCases(25);
    const { steps: done } = await stepsOf("batch:10:official", many, 3);
    const order = numpyRandom(3).shuffle(many.map((_, i) => i));
    const batches = [order.slice(0, 10), order.slice(10, 20), order.slice(20)];
    expect(done).to.equal(
      batches.map((batch) => `e${batch.join("+")} ${batch.map((i) => `p${i}`).join(" ")} |`).join(" "),
    );
  });

  it("batch:N:recipe: shuffled once in numpy's order, and what is left over is counted, not tested", async () => {
    const { steps: done, skipped } = await stepsOf("batch:2:recipe", cases, 3);
    const [a, b, c, d] = numpyRandom(3).shuffle([0, 1, 2, 3, 4]);
    expect(done).to.equal(`e${a}+${b} p${a} p${b} | e${c}+${d} p${c} p${d} |`);
    expect(skipped).to.deep.equal(["left over: not a full batch of 2"]);
    expect([protocolNamed("batch:2:recipe").order, protocolNamed("batch:2:official").order]).to.deep.equal([undefined, "official"]); // prettier-ignore
  });

  it("knows beforehand how many tests there will be", async () => {
    for (const spelt of [
      "single",
      "single:official",
      "batch:4",
      "batch:4:official",
      "group:3",
      "gap:3",
      "sequential",
      "sequential:2,5",
    ])
      for (const n of [4, 11, 23]) {
        const tests = (await steps(spelt, n)).split(" ").filter((word) => word.startsWith("p"));
        expect(tests.length, `${spelt}, ${n} cases`).to.equal(protocolNamed(spelt).tests(n));
      }
  });
});

describe("protocolNamed", () => {
  const wrong: [string, RegExp][] = [
    ["gap:", /^protocol "gap:": the number of edits in the gap is missing\. Write for example gap:10\.$/],
    ["gap", /^protocol "gap": the number of edits in the gap is missing\. Write for example gap:10\.$/],
    ["batch:0", /^protocol "batch:0": "0" is no number of cases in a batch\. Write for example batch:10\.$/],
    ["batch:1e3", /"1e3" is no number of cases in a batch/],
    [
      "batch:10:offical",
      /^protocol "batch:10:offical": "offical" is no form of batches\. Write batch:N, batch:N:official or batch:N:recipe\.$/,
    ],
    ["single:3", /^protocol "single:3": "3" is no form of it\. Write single, or single:official\.$/],
    ["sequential:10,5", /the checkpoints do not rise/],
    ["edit-then-confuse:all", /"all" is no form of it/],
    ["edit-onehop:text", /^protocol "edit-onehop:text": "text" is no form of it\. Write edit-onehop, or edit-onehop:image\.$/], // prettier-ignore
  ];
  for (const [spelt, message] of wrong)
    it(`refuses "${spelt}"`, () => expect(() => protocolNamed(spelt)).to.throw(ProtocolError, message));

  it("offers the nearest name", () =>
    expect(() => protocolNamed("sequental")).to.throw(
      UnknownNameError,
      /^unknown protocol "sequental"; did you mean "sequential"\? Known: single, batch, sequential, gap, group, edit-onehop, edit-then-confuse\.$/,
    ));

  it("keeps numbers of different protocols in different comparable groups", () => {
    const spellings = [
      "single",
      "single:official",
      "edit-onehop",
      "edit-onehop:image",
      "batch:10",
      "batch:20",
      "batch:10:official",
      "sequential",
      "gap:10",
      "group:10",
    ];
    expect(new Set(spellings.map((spelt) => protocolNamed(spelt).suffix)).size).to.equal(spellings.length);
    expect(protocolNamed("batch:10").suffix).to.equal("@10");
  });

  it("gives every protocol a spelling, one line of what it does and one of what the limit counts", () => {
    for (const [name, { usage, summary, limit }] of Object.entries(protocols)) {
      expect(usage.startsWith(name)).to.equal(true);
      for (const line of [summary, limit]) expect(line).to.match(/^[^\n]{5,}$/);
    }
  });
});

describe("requireTakes", () => {
  const editor = { id: "ike", takes: ["batch" as const] };

  it("lets an editor do what it takes", () => {
    for (const spelt of ["single", "batch:5", "group:1", "edit-then-confuse:batch"])
      expect(() => requireTakes(editor, protocolNamed(spelt))).not.to.throw();
  });

  it("refuses the rest, and names what it can do", () =>
    expect(() => requireTakes(editor, protocolNamed("gap:10"))).to.throw(
      ProtocolError,
      'protocol "gap:10" asks for edits of a model in which edits are in force, which ike does not do. ' +
        "Take one of its protocols (single[:official], batch:N[:official|:recipe], edit-then-confuse:batch), or another editor; medke editors lists what each takes.",
    ));

  it("takes an editor that says nothing for one of single edits", () => {
    expect(() => requireTakes({ id: "plain" }, protocolNamed("single"))).not.to.throw();
    expect(() => requireTakes({ id: "plain" }, protocolNamed("batch:2"))).to.throw(
      ProtocolError,
      /\(single\[:official\]\)/,
    );
  });
});
