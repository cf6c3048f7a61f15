import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { denseMatrix } from "../../../kernels/editors/closed-forms/weight-update.ts";
import type { Edit } from "../../../kernels/editors/editor.ts";
import { memit } from "../../../kernels/editors/memit.ts";
import { rRome } from "../../../kernels/editors/r-rome.ts";
import { casesCorpus } from "../../../kernels/editors/statistics/corpus.ts";
import { gatheredStatistics } from "../../../kernels/editors/statistics/gathered-statistics.ts";
import type { StatisticsSource } from "../../../kernels/editors/statistics-source.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { describeWithShared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";

const site = "layers.0.mlp.down_proj";

describeWithShared("memit", TINY_VLM, () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  let statistics: StatisticsSource;
  before(async () => {
    model = await loadTinyVlm();
    cases = await tinyCases(model, 4);
    statistics = gatheredStatistics(model, { corpus: casesCorpus("four cases", cases), folder: null });
  });
  after(() => model?.dispose());

  it("is R-ROME with covariance for one fact in one layer as lambda vanishes", async () => {
    // Bound and penalty are relative to the vector that is changed, which is another one: without them the optimisations are one.
    const free = { weightDecay: 0, clampFactor: 1e9, steps: 6, stopBelow: 0 };
    const [a, b] = [
      await rRome({ ...free, site }).edit(model, [cases[0]], { statistics }),
      await memit({ ...free, sites: [site], lambda: 1e-9 }).edit(model, [cases[0]], { statistics }),
    ];
    expect(b.provenance.trace!.covariance).to.equal(a.provenance.trace!.covariance);
    const [x, y] = [a, b].map(change);
    expect(x.norm()).to.be.greaterThan(0.01);
    expect(x.clone().sub(y).norm() / x.norm()).to.be.lessThan(1e-3);
    // A weight on the moment leaves something of the value unwritten.
    const weak = change(await memit({ ...free, sites: [site], lambda: 1e4 }).edit(model, [cases[0]], { statistics }));
    expect(weak.norm()).to.be.lessThan(0.9 * y.norm());
  });

  it("leaves out the last layer, which reaches no token behind the key", async () => {
    const edit = await memit({ firstDepth: 0, lastDepth: 1 }).edit(model, cases.slice(0, 3), { statistics });
    expect(edit.interventions.map((step) => "site" in step && step.site)).to.deep.equal([site]);
    const losses = edit.provenance.trace!.loss as number[];
    expect(losses.at(-1)).to.be.lessThan(losses[0] / 5);
  });

  it("changes nothing in zero steps", async () => {
    const view = model.with(await memit({ steps: 0 }).edit(model, cases.slice(0, 2), { statistics }));
    expect(await view.score(cases[0], cases[0].target)).to.deep.equal(await model.score(cases[0], cases[0].target));
  });
});

/** The whole change of the one weight that an edit writes. */
function change({ interventions: [step] }: Edit) {
  if (step.kind !== "low-rank") throw new Error("memit and r-rome write low-rank changes");
  return denseMatrix(step as Parameters<typeof denseMatrix>[0]);
}
