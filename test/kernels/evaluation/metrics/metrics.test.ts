import { expect } from "chai";
import { metrics } from "../../../../kernels/evaluation/metrics/index.ts";
import { resultRows } from "../../../../kernels/evaluation/result-rows.ts";
import type { CaseResult, ProbeResult } from "../../../../kernels/evaluation/result.ts";

const probe = (kind: string, fields: Partial<ProbeResult> = {}): ProbeResult => ({
  kind,
  question: "?",
  before: "left",
  after: "right",
  expected: "right",
  pass: true,
  pass_before: false,
  scored: "right",
  logprob_before: -2,
  logprob_after: -1,
  tf_before: 0,
  tf_after: 1,
  ...fields,
});
const one = (...probes: ProbeResult[]): CaseResult => ({
  id: "c",
  question: "?",
  answer: "left",
  target: "right",
  probes,
  edit_ms: 1,
});

describe("metrics", () => {
  it("stand under their own names, each with one line of summary", () => {
    for (const [name, metric] of Object.entries(metrics)) {
      expect(metric.name).to.equal(name);
      expect(metric.summary).to.match(/^[^\n]{20,100}$/);
    }
  });

  it("sort every probe that the cases carry into exactly one metric", () => {
    const kinds: [string, string | undefined, string][] = [
      ["reliability", undefined, "reliability"],
      ["text-generality", undefined, "text-generality"],
      ["image-locality", "same-question", "image-locality"],
      ["image-locality", undefined, "image-locality"],
      ["image-locality", "other-question", "text-image-locality"],
      ["image-locality", "other-attribute", "text-image-locality"],
    ];
    for (const [kind, name, metric] of kinds)
      expect(
        Object.values(metrics)
          .filter((each) => each.includes(probe(kind, { name })))
          .map((each) => each.name),
      ).to.deep.equal([metric]);
  });

  it("keep locality and target numbers, and the two profiles, in different comparable groups", () => {
    const groups = (name: keyof typeof metrics) => Object.values(metrics[name].groups);
    expect(new Set([...groups("reliability"), ...groups("image-locality")]).size).to.equal(4);
    expect(groups("reliability")).to.deep.equal(groups("text-generality"));
    expect(groups("image-locality")).to.deep.equal(["mm.locality.answer-argmax", "mm.locality.gen-agree"]);
  });
});

describe("resultRows", () => {
  it("averages three cases by hand, with base, n and interval", () => {
    const rows = resultRows([
      one(probe("reliability", { tf_after: 1, tf_before: 0.5, pass: true })),
      one(probe("reliability", { tf_after: 0.5, tf_before: 0, pass: false })),
      one(probe("reliability", { tf_after: 0, tf_before: 0.25, pass: false, pass_before: true })),
    ]);
    expect(rows.map(({ ci: _, ...row }) => row)).to.deep.equal([
      {
        metric: "reliability",
        profile: "tf-token",
        comparable_group: "mm.tf.in-context-label.token-acc",
        value: 0.5,
        base: 0.25,
        n: 3,
      },
      {
        metric: "reliability",
        profile: "gen-exact",
        comparable_group: "mm.gen.exact-norm",
        value: 1 / 3,
        base: 1 / 3,
        n: 3,
      },
    ]);
    for (const { value, ci } of rows) expect(ci[0] <= value && value <= ci[1]).to.equal(true);
  });

  it("counts probes, not cases, and leaves out a metric that no case tests", () => {
    const rows = resultRows([one(probe("reliability"), probe("text-generality")), one(probe("reliability"))]);
    expect(rows.map(({ metric, n }) => `${metric} ${n}`)).to.deep.equal([
      "reliability 2",
      "reliability 2",
      "text-generality 1",
      "text-generality 1",
    ]);
    expect(resultRows([])).to.deep.equal([]);
  });
});
