import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { alphaEdit } from "../../../kernels/editors/alphaedit.ts";
import { applyUpdate } from "../../../kernels/editors/closed-forms/weight-update.ts";
import type { Edit } from "../../../kernels/editors/editor.ts";
import { carriedKeys } from "../../../kernels/editors/locate/carried-keys.ts";
import { corpusOf } from "../../../kernels/editors/statistics/corpus.ts";
import { gatheredStatistics } from "../../../kernels/editors/statistics/gathered-statistics.ts";
import type { StatisticsSource } from "../../../kernels/editors/statistics-source.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import type { Tensor } from "../../../kernels/tensor.ts";
import { describeWithShared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";

const site = "layers.0.mlp.down_proj";
const query = ({ image, question }: EditCase) => ({ image, question });

describeWithShared("alphaedit", TINY_VLM, () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  let statistics: StatisticsSource;
  // One text has fewer tokens than a key has values, so its keys span a part of the space alone.
  const preserved = { question: "is there a fracture?", answer: "no" };
  before(async () => {
    model = await loadTinyVlm();
    cases = await tinyCases(model, 3);
    statistics = gatheredStatistics(model, { corpus: corpusOf("one text", [preserved]), folder: null });
  });
  after(() => model?.dispose());

  const make = (options = {}) => alphaEdit({ sites: [site], threshold: 1e-9, ridge: 0.01, ...options });

  it("maps every preserved key as before", async () => {
    const edit = await make().edit(model, [cases[0]], { statistics });
    const { values } = await model.states({ question: preserved.question }, [{ site, of: "input" }], {
      answer: preserved.answer,
    });
    const own = await model.states(query(cases[0]), [{ site, of: "input" }]);
    const [kept, written] = [values[0], own.values[0]].map((keys) => applyUpdate(keys, written0(edit)).norm());
    expect(values[0].dims[0]).to.be.lessThan(values[0].dims[1]);
    expect(written).to.be.greaterThan(0.1);
    expect(kept / written).to.be.lessThan(1e-4);
  });

  it("carries its keys in a factor that adds nothing", async () => {
    const edit = await make().edit(model, [cases[0]], { statistics });
    const bare: Edit = { ...edit, id: "bare", interventions: edit.interventions.slice(0, 1) };
    const [a, b] = [model.with(edit), model.with(bare)];
    const [with_, without] = [a, b].map((view) => view.score(cases[0], cases[0].target));
    const { logprobs } = await without;
    (await with_).logprobs.forEach((value, i) => expect(value).to.be.closeTo(logprobs[i], 1e-5));
    const gram = carriedKeys([edit], "alphaedit", site, model.weight(site).dims[0]);
    expect("keys" in gram && gram.keys.rows).to.equal(1);
    expect(carriedKeys([bare], "alphaedit", site, gram.size)).to.deep.include({ size: gram.size });
  });

  it("disturbs the keys of earlier edits less when it knows them", async () => {
    const first = await make().edit(model, [cases[0]], { statistics });
    const forgetful: Edit = { ...first, id: "bare", interventions: first.interventions.slice(0, 1) };
    const key = (first.interventions[1] as { a: Tensor<Float32Array> }).a;
    const disturbed = async (view: Edit) => {
      const second = await make().edit(model.with(view), [cases[1]], { statistics });
      const row = { ...key, dims: [1, key.dims[0]] };
      return applyUpdate(row, written0(second)).norm();
    };
    expect(await disturbed(first)).to.be.lessThan(0.5 * (await disturbed(forgetful)));
  });

  it("says where it took the identity; changes nothing in zero steps", async () => {
    const edit = await alphaEdit({ firstDepth: 0, lastDepth: 1 }).edit(model, cases.slice(0, 2));
    expect(edit.provenance.trace).to.include({ covariance: "identity" });
    const before = (await model.score(cases[0], cases[0].target)).logprobs;
    const after = (await model.with(edit).score(cases[0], cases[0].target)).logprobs;
    expect(after[0]).to.be.greaterThan(before[0]);
    const none = model.with(await make({ steps: 0 }).edit(model, [cases[0]], { statistics }));
    expect(await none.score(cases[0], cases[0].target)).to.deep.equal(await model.score(cases[0], cases[0].target));
  });
});

/** The change itself; the keys follow it. */
function written0({ interventions: [step] }: Edit) {
  if (step.kind !== "low-rank") throw new Error("alphaedit writes low-rank changes");
  return step as Parameters<typeof applyUpdate>[1];
}
