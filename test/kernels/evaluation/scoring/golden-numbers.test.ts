import { expect } from "chai";
import { logDistribution } from "../../../../kernels/models/logit-rows.ts";
import { topIds } from "../../../../kernels/models/top-ids.ts";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { answerArgmaxWording, spacedTarget } from "../../../../kernels/evaluation/scoring/answer-argmax.ts";
import { easyEditHead } from "../../../../kernels/evaluation/scoring/easyedit-head.ts";
import { routerAccuracy, specificity } from "../../../../kernels/evaluation/scoring/fgvedit.ts";
import { ikeContext } from "../../../../kernels/evaluation/scoring/ike-vlkeb.ts";
import { klDivergence } from "../../../../kernels/evaluation/scoring/kl-divergence.ts";
import { labelLikelihood } from "../../../../kernels/evaluation/scoring/label-likelihood.ts";
import { maskedAccuracy } from "../../../../kernels/evaluation/scoring/masked-accuracy.ts";
import {
  medrekEncoding,
  medrekTarget,
  PromptBoundaryError,
} from "../../../../kernels/evaluation/scoring/medrek-encoding.ts";
import { medrekSummary } from "../../../../kernels/evaluation/scoring/medrek-summary.ts";
import { orderedTopK, topKOverlap } from "../../../../kernels/evaluation/scoring/ordered-top-k.ts";
import { LabelTooLongError, tailWindow } from "../../../../kernels/evaluation/scoring/tail-window.ts";
import { vlkebLegacy } from "../../../../kernels/evaluation/scoring/vlkeb-legacy.ts";

// The numbers of the metric reference, section 17, worked out by hand there.
describe("golden numbers of the metric reference", () => {
  const argmax = [7, 3, 5, 2, 9, 4];

  it("tail window: the answer's ids in their context score 1, the ids of the answer alone slip and score 0", () => {
    expect(tailWindow(6, [2, 9]).rows).to.deep.equal([3, 4]);
    expect(vlkebLegacy([argmax], [[2, 9]]).acc).to.equal(1);
    expect(tailWindow(6, [2, 9, 1]).rows).to.deep.equal([2, 3, 4]);
    expect(vlkebLegacy([argmax], [[2, 9, 1]]).acc).to.equal(0);
  });

  it("ordered top ten: swapped first ranks 0.8, a lost first rank 0; as sets 1 and 0.9", () => {
    const before = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const swapped = [2, 1, ...before.slice(2)];
    const lost = [...before.slice(1), 11];
    expect(orderedTopK([before], [swapped])).to.equal(0.8);
    expect(orderedTopK([before], [lost])).to.equal(0);
    expect([topKOverlap([before], [swapped]), topKOverlap([before], [lost])]).to.deep.equal([1, 0.9]);
  });

  it("weights of groups: 25 records in batches of 10, the last 5 wrong: 2/3 by group, 0.8 by record", () => {
    const unit = (right: number, records: number) => ({
      scores: {
        reliability: { request: new Array<number>(records).fill(right) },
        generality: { rephrase: [right] },
        locality: { locality: [right] },
      },
      records,
    });
    const units = [unit(1, 10), unit(1, 10), unit(0, 5)];
    expect(medrekSummary(units).reliability.mean_acc).to.be.closeTo(66.6667, 1e-4);
    expect(medrekSummary(units, { weight: "by-item" }).reliability.mean_acc).to.be.closeTo(80, 1e-9);
  });

  it("loss fixture: accuracy 0.5, nll 1.8149755, probability 0.2768079, exact match 0", () => {
    const rows = Array.from({ length: 7 }, (_, i) =>
      Float32Array.from({ length: 6 }, (_, j) => ((7 * i + 3 * j) % 5) - 0.3 * j),
    );
    const labels = [-100, -100, -100, -100, -100, 2, 4];
    const best = rows.map((row) => topIds(row, 1)[0]);
    expect(easyEditHead([best], [labels]).acc).to.equal(0.5);
    expect(easyEditHead([best], [labels], { exactMatch: true }).acc).to.equal(0);
    const { nll, prob } = labelLikelihood([logDistribution(rows[4])[2], logDistribution(rows[5])[4]]);
    expect(nll).to.be.closeTo(1.8149755, 1e-6);
    expect(prob).to.be.closeTo(0.2768079, 1e-6);
  });

  it("KL of two rows, and of the first alone", () => {
    const logs = (rows: number[][]) => rows.map((row) => logDistribution(Float32Array.from(row)));
    const before = logs([
      [1, 2, 0.5],
      [0, 0, 1],
    ]);
    const after = logs([
      [0.9, 2.1, 0.4],
      [1, 0, 0],
    ]);
    expect(klDivergence(before, after).mean).to.be.closeTo(0.18437937, 1e-6);
    expect(klDivergence(before, after, [1, 0]).mean).to.be.closeTo(0.0045836, 1e-6);
    expect(klDivergence(before, before).mean).to.equal(0);
  });
});

describe("what scorers refuse", () => {
  it("a score of nothing", () => {
    for (const nothing of [() => maskedAccuracy([1], [-100]), () => orderedTopK([], []), () => labelLikelihood([])])
      expect(nothing).to.throw(EmptySetError, /no position is scored/);
  });
  it("a label as long as its input, in the official variant alone", () => {
    expect(() => tailWindow(3, [1, 2, 3])).to.throw(LabelTooLongError, /3 tokens and the whole input 3/);
    expect(tailWindow(3, [1, 2, 3], "corrected")).to.deep.equal({ rows: [0, 1], labels: [2, 3] });
  });
  it("a prompt that runs into its target", () =>
    expect(() => medrekEncoding([[1, 5]], [[1, 6, 7]], 0)).to.throw(PromptBoundaryError, /token 2: 5 alone, 6/));
});

describe("texts as the official code puts them", () => {
  it("answer-argmax: a second question mark officially, none where one is corrected", () => {
    expect(answerArgmaxWording("Which?", "text-locality", "official")).to.equal("{question}?");
    expect(answerArgmaxWording("Which?", "text-locality", "corrected")).to.equal("{question}");
    expect(answerArgmaxWording("Which", "text-locality", "corrected")).to.equal("{question}?");
    expect(answerArgmaxWording("Which?", "e-vqa")).to.equal("{question} The answer is:");
    expect([spacedTarget("Q:", "a"), spacedTarget("Q: ", "a"), spacedTarget("Q:", " a")]).to.deep.equal([
      " a",
      "a",
      " a",
    ]);
  });
  it("MedREK's target and IKE's context", () => {
    expect([medrekTarget("a"), medrekTarget(" a")]).to.deep.equal([" a", " a"]);
    expect(ikeContext(["D\n"], { question: "Q?", answer: "A" }, "P?")).to.equal("D\nNew Fact: Q? A\nPrompt: P?");
  });
  it("FGVEdit's specificity and router statistics", () => {
    expect(
      specificity([
        { generality: 1, locality: 0.5 },
        { generality: 0, locality: 1 },
      ]),
    ).to.equal(0.625);
    expect(routerAccuracy({ inScope: [0.5, 0.4], outOfScope: [0.5, 0.1] })).to.equal(0.5);
  });
});
