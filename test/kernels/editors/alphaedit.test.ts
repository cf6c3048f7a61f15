import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { alphaEdit } from "../../../kernels/editors/alphaedit.ts";
import { CarriedError } from "../../../kernels/editors/carried.ts";
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

  it("carries its keys, as the edited model has them, beside what acts", async () => {
    const edit = await make().edit(model, [cases[0]], { statistics });
    expect(edit.interventions).to.have.length(1);
    const { values } = await model.with(edit).states(query(cases[0]), [{ site, of: "input" }]);
    const gram = carriedKeys([edit], "alphaedit", site, model.weight(site).dims[0]);
    if (!("keys" in gram)) throw new Error("one key is kept as it is");
    expect(gram.keys.rows).to.equal(1);
    expect(gram.keys.getRow(0)).to.deep.equal([...values[0].data.slice(-gram.size)]);
    const second = await make().edit(model.with(edit), [cases[1]], { statistics });
    const both = carriedKeys([edit, second], "alphaedit", site, gram.size);
    expect("keys" in both && both.keys.rows).to.equal(2);
    // Folded into one, edits keep all their keys.
    const folded = { ...second, carried: { ...edit.carried, ...second.carried } };
    expect(carriedKeys([folded], "alphaedit", site, gram.size)).to.deep.equal(both);
  });

  it("refuses to go on from an edit without its keys, as version 1 of packs has them", async () => {
    const edit = await make().edit(model, [cases[0]], { statistics });
    const { carried: _, ...old } = edit;
    const error = await make()
      .edit(model.with(old), [cases[1]], { statistics })
      .catch((error) => error);
    expect(error).to.be.instanceOf(CarriedError);
    expect(error.message).to.match(
      /^alphaedit: edit ".{12}", which is in force, does not carry its keys.*Make it again/,
    );
  });

  it("disturbs the keys of earlier edits less when it knows them", async () => {
    const first = await make().edit(model, [cases[0]], { statistics });
    const forgetful: Edit = { ...first, id: "bare", carried: {} };
    const [row] = Object.values(first.carried!) as Tensor<Float32Array>[];
    const disturbed = async (view: Edit) => {
      const second = await make().edit(model.with(view), [cases[1]], { statistics });
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

/** The change. */
function written0({ interventions: [step] }: Edit) {
  if (step.kind !== "low-rank") throw new Error("alphaedit writes low-rank changes");
  return step as Parameters<typeof applyUpdate>[1];
}
