import { expect } from "chai";
import { EmptySetError } from "../../../kernels/evaluation/empty-set-error.ts";
import { medlasaSummaryOf, medrekSummaryOf } from "../../../kernels/evaluation/official-summary.ts";
import type { CaseResult, ProbeResult } from "../../../kernels/evaluation/result.ts";
import { resultRows } from "../../../kernels/evaluation/result-rows.ts";

const probe = (kind: string, value: number, name?: string): ProbeResult => ({
  kind,
  ...(name && { name }),
  question: `${kind} ${name ?? ""}?`,
  before: "",
  after: "",
  expected: "",
  pass: false,
  pass_before: false,
  scored: "",
  logprob_before: 0,
  logprob_after: 0,
  tf_before: 0,
  tf_after: 0,
  scores: { medrek: [0, value], medlasa: [0, value] },
});

const finished = (
  i: number,
  group: number,
  reliability: number,
  rephrase: number,
  kept: [string, number][],
): CaseResult => ({
  // prettier-ignore
  id: `record-${i}`,
  question: `record ${i}?`,
  answer: "",
  target: "",
  edit_ms: 0,
  group,
  probes: [
    probe("reliability", reliability),
    probe("text-generality", rephrase),
    ...kept.map(([name, value]) => probe("text-locality", value, name)),
  ],
});

/** Two batches, the second of one record; kinds of locality in unequal numbers. */
const cases = [
  finished(0, 0, 1, 0.5, [["target", 1], ["target", 0], ["mapping", 1]]), // prettier-ignore
  finished(1, 0, 0, 0.5, [["mapping", 0.5]]),
  finished(2, 1, 0.5, 1, [["mapping", 1]]),
];

describe("medrekSummaryOf, on made-up records", () => {
  it("takes means over batches: a batch of one record weighs as much as one of two", () => {
    const { reliability, generality, locality, avg, count } = medrekSummaryOf({ cases, protocol: "batch:2:official" });
    expect(reliability).to.deep.equal({ request_mean_acc: 50, mean_acc: 50 });
    expect(generality).to.deep.equal({ rephrase_mean_acc: 75, mean_acc: 75 });
    // First batch: target 1/2, mapping 3/4, all four items 2.5/4; second batch: mapping 1.
    expect(locality).to.deep.equal({ locality_target_mean_acc: 50, locality_mapping_mean_acc: 87.5, mean_acc: 81.25 });
    expect(avg).to.equal(((50 + 75) / 2 + 81.25) / 2);
    expect(count).to.equal(2);
  });

  it("has every record for a unit where each is edited by itself", () => {
    const { reliability, locality, count } = medrekSummaryOf({ cases, protocol: "single" });
    expect(reliability.mean_acc).to.equal(50);
    expect(locality.mean_acc).to.be.closeTo((100 * (2 / 3 + 0.5 + 1)) / 3, 1e-12);
    expect(count).to.equal(3);
  });

  it("gives fractions and no average in RECIPE's form", () => {
    const summary = medrekSummaryOf({ cases, protocol: "batch:2:recipe" }, { form: "recipe" });
    expect([summary.reliability.mean_acc, summary.avg]).to.deep.equal([0.5, undefined]);
  });

  it("agrees with the rows of the same protocol", () => {
    const rows = resultRows(cases, 0, { weighting: "groups", profiles: ["medrek"] });
    const value = (metric: string) => 100 * rows.find((row) => row.metric === metric)!.value;
    const { reliability, generality, locality } = medrekSummaryOf({ cases, protocol: "batch:2:official" });
    expect([value("reliability"), value("text-generality"), value("text-locality")]).to.deep.equal([
      reliability.mean_acc,
      generality.mean_acc,
      locality.mean_acc,
    ]);
  });

  it("leaves out a case that lacks an indicator, and says what is missing where all do", () => {
    const lacking = { ...cases[0], id: "lacking", probes: cases[0].probes.slice(0, 2) };
    const of = (own: CaseResult[]) => medrekSummaryOf({ cases: own, protocol: "single" });
    expect(of([...cases, lacking])).to.deep.equal(of(cases));
    expect(() => of([lacking])).to.throw(EmptySetError, /no case has reliability, a rephrasing and a locality probe/);
  });
});

describe("medlasaSummaryOf, on made-up records", () => {
  it("takes the mean of each kind of locality, and then of the kinds", () => {
    const { rewrite, rephrase, locality, avg } = medlasaSummaryOf({ cases, protocol: "single" });
    expect(rewrite).to.equal(50);
    expect(rephrase).to.be.closeTo((100 * 2) / 3, 1e-12);
    expect(locality.locality_target).to.equal(50);
    expect(locality.locality_mapping).to.be.closeTo(250 / 3, 1e-12);
    expect(avg).to.be.closeTo(((50 + 200 / 3) / 2 + (50 + 250 / 3) / 2) / 2, 1e-12);
  });
});
