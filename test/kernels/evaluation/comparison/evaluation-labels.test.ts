import { expect } from "chai";
import { evaluationLabels } from "../../../../kernels/evaluation/comparison/evaluation-labels.ts";

describe("evaluationLabels", () => {
  const run = { editor: "memit", model: "m", benchmark: "b", protocol: "single", seed: 0 };
  const options = { steps: 25, lr: 0.5, covariance: "statistics" };

  it("are the editors, where none repeats", () => {
    expect(evaluationLabels([run, { ...run, editor: "rome", seed: 1 }])).to.deep.equal(["memit", "rome"]);
  });

  it("say what differs where editors repeat", () => {
    expect(evaluationLabels([run, { ...run, seed: 1 }, { ...run, editor: "rome" }])).to.deep.equal([
      "memit (seed 0)",
      "memit (seed 1)",
      "rome (seed 0)",
    ]);
  });

  it("say by which settings of the editor runs differ that are alike else", () => {
    const of = (corpus: string) => ({ corpus, digest: corpus });
    const runs = [
      { ...run, editor_options: options, statistics: of("one (3 texts)") },
      { ...run, editor_options: { ...options, steps: 5 }, statistics: of("one (3 texts)") },
      { ...run, editor_options: options, statistics: of("two (9 texts)") },
      { ...run, editor_options: { ...options, covariance: "identity" } },
      { ...run, editor: "rome", editor_options: { depth: 0.3 } },
    ];
    expect(evaluationLabels(runs)).to.deep.equal([
      "memit (steps 25, covariance statistics, statistics of one (3 texts))",
      "memit (steps 5, covariance statistics, statistics of one (3 texts))",
      "memit (steps 25, covariance statistics, statistics of two (9 texts))",
      "memit (steps 25, covariance identity)",
      "rome",
    ]);
    expect(evaluationLabels(runs.slice(0, 2))).to.deep.equal(["memit (steps 25)", "memit (steps 5)"]);
  });

  it("are numbered where nothing tells them apart, as in documents that hold no settings", () => {
    expect(evaluationLabels([run, run, { ...run, editor_options: options }])).to.deep.equal([
      "memit",
      "memit #2",
      "memit (steps 25, lr 0.5, covariance statistics)",
    ]);
  });
});
