import { expect } from "chai";
import { metricPart, metrics } from "../../../../kernels/evaluation/metrics/index.ts";
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
let cases = 0;
const one = (...probes: ProbeResult[]): CaseResult => ({
  id: `c${++cases}`,
  question: `Question ${cases}?`,
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
      ["text-locality", "mapping", "text-locality"],
      ["image-generality", undefined, "image-generality"],
      ["portability", undefined, "portability"],
      ["robustness", "typo", "robustness"],
      ["fine-grained-locality", "negated", "negated-question"],
    ];
    for (const [kind, name, metric] of kinds)
      expect(
        Object.values(metrics)
          .filter((each) => each.includes(probe(kind, { name })))
          .map((each) => each.name),
      ).to.deep.equal([metric]);
  });

  it("find the probes of a part by a row's name", () => {
    const asked = probe("portability", { hop: 2 });
    expect(metricPart("portability/2-hop")!.includes(asked)).to.equal(true);
    expect(metricPart("portability/1-hop")!.includes(asked)).to.equal(false);
    expect(metricPart("portability")!.includes(asked)).to.equal(true);
    for (const name of ["reliability/2-hop", "portabilty", "constructor"]) expect(metricPart(name)).to.equal(undefined);
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
        mask: "answer",
        k: null,
        value: 0.5,
        base: 0.25,
        n: 3,
        seed: 0,
      },
      {
        metric: "reliability",
        profile: "gen-exact",
        comparable_group: "mm.gen.exact-norm",
        mask: "free generation",
        k: null,
        value: 1 / 3,
        base: 1 / 3,
        n: 3,
        seed: 0,
      },
    ]);
    for (const { value, ci } of rows) expect(value).to.be.within(...ci!);
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

  it("gives every hop and every attack a row beside the pooled one, each with its own n", () => {
    const rows = resultRows([
      one(probe("portability", { hop: 1 }), probe("portability", { hop: 2, tf_after: 0 })),
      one(
        probe("portability", { hop: 1 }),
        probe("robustness", { name: "typo" }),
        probe("robustness", { name: "noise" }),
      ),
    ]).filter(({ profile }) => profile === "tf-token");
    expect(rows.map(({ metric, n, value }) => [metric, n, Math.round(value * 100)])).to.deep.equal([
      ["portability", 3, 67],
      ["portability/1-hop", 2, 100],
      ["portability/2-hop", 1, 0],
      ["robustness", 2, 100],
      ["robustness/noise", 1, 100],
      ["robustness/typo", 1, 100],
    ]);
  });

  it("resamples images and facts, not cases: records that repeat add nothing to what an interval knows", () => {
    const outcomes = Array.from({ length: 12 }, (_, i) => i % 3 !== 0);
    const rowOf = (results: CaseResult[]) => resultRows(results, 3).find(({ profile }) => profile === "gen-exact")!;
    const cases = outcomes.map((pass, i) => ({ ...one(probe("reliability", { pass })), image: `${i}.png` }));
    const once = rowOf(cases);
    const repeated = cases.flatMap((each) => Array.from({ length: 6 }, (_, i) => ({ ...each, id: `${each.id}-${i}` })));
    const sixfold = rowOf(repeated.map((each, i) => ({ ...each, question: `Another question ${i}?` })));
    expect(sixfold).to.deep.equal({ ...once, n: 72 });
    const facts = rowOf(
      repeated.map(({ image: _, ...each }) => ({ ...each, question: ` ${each.question.toUpperCase()}` })),
    );
    expect(facts).to.deep.equal({ ...once, n: 72 });
    const apart = rowOf(repeated.map((each, i) => ({ ...each, image: `${i}.png` })));
    const width = ({ ci }: typeof once) => ci![1] - ci![0];
    expect(width(apart)).to.be.below(width(once) / 2);
  });

  it("gives one case no interval that looks certain: all or nothing is open to the other side, a share has none", () => {
    const rows = resultRows(
      [one(probe("reliability", { tf_after: 0.5, pass: true, scores: { "loc-kl": [0, 0] } }))],
      0,
      {
        profiles: ["tf-token", "gen-exact"],
      },
    );
    expect(
      rows.map(({ profile, value, ci }) => [profile, value, ci?.map((end) => +end.toFixed(3)) ?? null]),
    ).to.deep.equal([
      ["tf-token", 0.5, null],
      ["gen-exact", 1, [0.025, 1]],
    ]);
  });

  it("takes no share for nats: a divergence of 0 may be anything above it", () => {
    const unmoved = probe("text-locality", { scores: { "loc-kl": [0, 0], "loc-overlap10": [1, 1] } });
    const rows = resultRows([one(unmoved), one(unmoved)], 0, { profiles: ["loc-kl", "loc-overlap10"] });
    expect(rows.map(({ profile, value, ci }) => [profile, value, ci && ci[1]])).to.deep.equal([
      ["loc-kl", 0, null],
      ["loc-overlap10", 1, 1],
    ]);
  });

  it("weighs groups alike on request, each of them a cluster", () => {
    const grouped = (group: number, pass: boolean) => ({ ...one(probe("reliability", { pass })), group });
    const results = [...Array.from({ length: 10 }, () => grouped(0, true)), grouped(1, false), grouped(1, true)];
    const row = resultRows(results, 0, { weighting: "groups", profiles: ["gen-exact"] })[0];
    expect([row.value, row.n, row.ci]).to.deep.equal([0.75, 12, [0.5, 1]]);
  });

  it("takes specificity record by record, leaving out records that lack one of its two parts", () => {
    const scores = (value: number) => ({ fgvedit: [0, value] as [number, number] });
    const generality = (value: number) => probe("fine-grained-generality", { scores: scores(value) });
    const locality = (value: number) => probe("fine-grained-locality", { scores: scores(value) });
    const rows = resultRows([one(generality(1), generality(0), locality(1)), one(generality(1))], 0, {
      profiles: ["fgvedit"],
    });
    const { value, n, comparable_group } = rows.find(({ metric }) => metric === "specificity")!;
    expect([value, n, comparable_group]).to.deep.equal([0.75, 1, "mm.fgvedit.specificity"]);
  });
});
