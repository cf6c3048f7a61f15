import { expect } from "chai";
import { evaluate } from "../../../../kernels/evaluation/evaluate.ts";
import { compareEditors } from "../../../../kernels/evaluation/comparison/compare-editors.ts";
import {
  ComparisonError,
  IncomparableGroupsError,
} from "../../../../kernels/evaluation/comparison/comparison-error.ts";
import type { Evaluation } from "../../../../kernels/evaluation/result.ts";
import { mcnemarExact } from "../../../../kernels/evaluation/statistics/mcnemar.ts";
import { exportTable } from "../../../../kernels/evaluation/tables/index.ts";
import { asEditor, oracleDocument } from "../result-documents.ts";
import { baseTable, tableCases } from "../table-cases.ts";
import { noOp, oracle, TableModel } from "../table-model.ts";

describe("compareEditors", () => {
  let all: Evaluation;
  let some: Evaluation;
  let few: Evaluation;
  before(async () => {
    all = await oracleDocument(24);
    some = asEditor(all, "some", (i) => i % 3 !== 0); // 16 of 24
    few = asEditor(all, "few", (i) => i % 3 === 1); // 8 of 24
  });
  const reliability = (evaluations: Evaluation[], options = {}) =>
    compareEditors(evaluations, options).rows.filter(
      ({ metric, profile }) => metric === "reliability" && profile === "gen-exact",
    );

  it("tests right-or-wrong pairs with McNemar, with difference, interval and effect sizes", () => {
    const [row] = reliability([all, some]);
    expect(row).to.include({
      a: "oracle",
      b: "some",
      test: "mcnemar-exact",
      interval: "bonett-price",
      n: 24,
      clusters: 24,
    });
    expect(row.difference).to.be.closeTo(8 / 24, 1e-12);
    expect(row.p).to.equal(mcnemarExact(8, 0));
    expect(row.p_holm).to.equal(row.p);
    expect(row.lo).to.be.within(0, row.difference);
    expect(row.hi).to.be.within(row.difference, 1);
    expect(row.odds_ratio).to.equal(Infinity);
    expect(row.cohens_h).to.be.greaterThan(1);
    expect(row.rank_biserial).to.equal(null);
    expect(row.detectable).to.be.within(0.2, 0.35);
  });

  it("tests fractions with Wilcoxon, and says which effect sizes belong to it", () => {
    const row = compareEditors([all, some]).rows.find(
      ({ metric, profile }) => metric === "reliability" && profile === "tf-token",
    )!;
    expect(row).to.include({ test: "wilcoxon-exact", rank_biserial: 1, cohens_h: null });
    expect([row.interval, row.lo! < row.difference, row.difference < row.hi!]).to.deep.equal([
      "bca-bootstrap",
      true,
      true,
    ]);
    expect(row.p).to.equal(2 ** -7); // eight equal differences, all of one sign
    expect(row.difference).to.be.closeTo(4 / 24, 1e-12);
    expect(row.cliffs_delta).to.be.closeTo(1 / 3, 1e-12);
  });

  it("gives no interval to differences that are all one: a bootstrap of them has no width", () => {
    const half = asEditor(all, "half", () => false);
    const row = compareEditors([all, half]).rows.find(
      ({ metric, profile }) => metric === "reliability" && profile === "tf-token",
    )!;
    expect(row).to.include({ test: "wilcoxon-exact", difference: 0.5, lo: null, hi: null, interval: null });
    expect(row.p).to.be.below(0.001);
  });

  it("says which evaluation was stopped, and where two have no metric in common", () => {
    const cut = { ...some, partial: { tested: 24, of: 60 } };
    expect(compareEditors([all, cut]).notes).to.include("some: stopped after 24 of 60 tests.");
    const other = { ...some, rows: some.rows.filter(({ profile }) => profile === "gen-exact") };
    const exact = { ...all, rows: all.rows.filter(({ profile }) => profile === "tf-token") };
    const { rows, notes } = compareEditors([exact, other]);
    expect(rows).to.deep.equal([]);
    expect(notes).to.include(
      "oracle and some: no metric in common, tf-token against gen-exact. Evaluate both with the same profiles.",
    );
  });

  it("adjusts over all pairs of more than two editors, a metric and profile at a time", () => {
    const rows = reliability([all, some, few]);
    expect(rows.map(({ a, b }) => `${a}-${b}`)).to.deep.equal(["oracle-some", "oracle-few", "some-few"]);
    const [first, second, third] = rows;
    expect(second.p_holm).to.be.closeTo(3 * second.p, 1e-12); // the smallest p
    expect(first.p_holm).to.be.closeTo(2 * first.p, 1e-12);
    expect(third.p_holm).to.be.closeTo(Math.max(third.p, first.p_holm), 1e-12);
  });

  it("compares with a baseline only, where one is named", () => {
    const rows = reliability([all, some, few], { baseline: "some" });
    expect(rows.map(({ a, b }) => `${a}-${b}`)).to.deep.equal(["oracle-some", "few-some"]);
    expect(() => compareEditors([all, some], { baseline: "sum" })).to.throw(
      /unknown baseline "sum"; did you mean "some"/,
    );
  });

  it("takes cases of one image as one cluster, and then tests their means", () => {
    const shared = [all, some].map((document) => ({
      ...document,
      cases: document.cases.map((each, i) => ({ ...each, image: `image ${i >> 1}` })),
    }));
    const [row] = reliability(shared);
    expect(row).to.include({ test: "wilcoxon-exact", n: 24, clusters: 12 });
    expect(reliability(shared, { clustering: "case" })[0]).to.include({ test: "mcnemar-exact", clusters: 24 });
  });

  it("compares checkpoint by checkpoint, where a case is tested at several; a table has a column for each", async () => {
    const cases = tableCases(5);
    const run = (editor: typeof oracle) =>
      evaluate({ model: new TableModel(baseTable(cases)), editor, cases, protocol: "sequential:2,4" });
    const documents = [await run(oracle), await run(noOp)];
    const rows = reliability(documents);
    expect(rows.map(({ edits, n, difference, left_out, only_a }) => [edits, n, difference, left_out, only_a])).to.deep.equal([[2, 2, 1, 0, 0], [4, 4, 1, 0, 0], [5, 5, 1, 0, 0]]); // prettier-ignore
    const [head] = String(await exportTable(documents, "md")).match(/^\| editor .*$/m)!;
    for (const edits of [2, 4, 5]) expect(head).to.contain(`reliability @${edits}<br>gen-exact`);
    const shorter = await evaluate({
      model: new TableModel(baseTable(cases)),
      editor: noOp,
      cases,
      protocol: "sequential:2",
    });
    const common = compareEditors([documents[0], shorter]);
    expect(new Set(common.rows.map(({ edits }) => edits))).to.deep.equal(new Set([2, 5]));
    expect(common.notes.join(" ")).to.contain("4 only in oracle and 0 only in no-op");
  });

  it("counts and says which cases only one editor has", () => {
    const part = { ...some, cases: some.cases.slice(4, 20) };
    const { rows, notes } = compareEditors([all, part]);
    expect(rows[0]).to.include({ n: 16, only_a: 8, only_b: 0 });
    expect(notes).to.deep.equal([
      "oracle and some: 16 cases in common; 8 only in oracle and 0 only in some were left out.",
    ]);
  });

  it("leaves out probes that only one editor was asked, and counts them", () => {
    const without = structuredClone(some);
    without.cases[0].probes = without.cases[0].probes.filter(({ kind }) => kind !== "reliability");
    expect(reliability([all, without])[0]).to.include({ n: 23, left_out: 1 });
  });

  it("finds nothing between an editor and itself, and names both", () => {
    const rows = compareEditors([all, all]).rows;
    for (const row of rows) expect(row).to.include({ a: "oracle", b: "oracle #2", difference: 0, p: 1, p_holm: 1 });
    const seeds = compareEditors([all, { ...all, seed: 7 }]);
    expect(seeds.rows[0]).to.include({ a: "oracle (seed 0)", b: "oracle (seed 7)" });
    expect(seeds.notes[0]).to.contain("The seed differs too (0, 7)");
  });

  it("refuses numbers of different groups, documents without a common case, and one alone", () => {
    const other = structuredClone(some);
    other.rows[0].comparable_group = "mm.other";
    expect(() => compareEditors([all, other])).to.throw(IncomparableGroupsError, /different comparable groups/);
    const foreign = { ...some, cases: some.cases.map((each) => ({ ...each, id: `x-${each.id}` })) };
    expect(() => compareEditors([all, foreign])).to.throw(ComparisonError, /no case in common \(24 and 24 cases\)/);
    expect(() => compareEditors([all])).to.throw(ComparisonError, /at least two/);
    expect(() => compareEditors([all, { ...some, cases: [] }])).to.throw(
      ComparisonError,
      /some: the document holds no cases/,
    );
  });

  it("gives the same numbers for the same seed", () =>
    expect(compareEditors([all, some], { seed: 4 })).to.deep.equal(compareEditors([all, some], { seed: 4 })));
});
