import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { NoSuchSiteError } from "../../../kernels/editors/default-sites.ts";
import { ftLlm } from "../../../kernels/editors/ft-llm.ts";
import { denseParameter } from "../../../kernels/models/trainables.ts";
import { float32 } from "../../../kernels/tensor.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { describeWithShared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";

describeWithShared("ft-llm", TINY_VLM, () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadTinyVlm();
    cases = await tinyCases(model, 2);
  });
  after(() => model?.dispose());

  it("changes nothing in zero steps", async () => {
    const view = model.with(await ftLlm({ steps: 0 }).edit(model, [cases[0]]));
    expect(await view.score(cases[0], cases[0].target)).to.deep.equal(await model.score(cases[0], cases[0].target));
  });

  it("takes a first step of exactly AdamW's size: lr in the gradient's direction plus decay of the weight", async () => {
    const [lr, weightDecay] = [0.001, 0.01];
    const edit = await ftLlm({ steps: 1, lr, weightDecay }).edit(model, [cases[0]]);
    const [step] = edit.interventions;
    if (step.kind !== "dense") throw new Error("ft-llm gives a dense delta");
    const weight = model.weight(step.site).data;
    const gradient = (await atZero(model, step.site, cases[0])).gradients[denseParameter(step.site)].data;
    const delta = step.delta.data as Float32Array;
    let worst = 0;
    for (let i = 0; i < delta.length; i++) {
      const expected = -lr * (gradient[i] / (Math.abs(gradient[i]) + 1e-8) + weightDecay * weight[i]);
      worst = Math.max(worst, Math.abs(delta[i] - expected));
    }
    expect(worst).to.be.lessThan(1e-6);
  });

  it("lowers the loss and makes the model say the target, with no words after it", async () => {
    const edit = await ftLlm().edit(model, [cases[0]]);
    const losses = edit.provenance.trace!.loss as number[];
    expect(losses.at(-1)).to.be.lessThan(losses[0] / 10);
    expect((await model.with(edit).answer(cases[0])).toLowerCase()).to.equal(cases[0].target.toLowerCase());
  });

  it("edits several cases at once", async () => {
    const view = model.with(await ftLlm().edit(model, cases));
    for (const each of cases) expect((await view.answer(each)).toLowerCase()).to.equal(each.target.toLowerCase());
  });

  it("goes on from a view: the first loss is the view's own, and both edits together hold the increment", async () => {
    const first = await ftLlm().edit(model, [cases[0]]);
    const view = model.with(first);
    const second = await ftLlm().edit(view, [cases[1]]);
    const [{ site }] = second.interventions as { site: string }[];
    const { loss } = await atZero(view, site, cases[1]);
    expect((second.provenance.trace!.loss as number[])[0]).to.be.closeTo(loss, 1e-6);
    const both = model.with(first, second);
    const stepped = view.with(second);
    expect(await both.score(cases[1], cases[1].target)).to.deep.equal(await stepped.score(cases[1], cases[1].target));
    expect((await both.answer(cases[1])).toLowerCase()).to.equal(cases[1].target.toLowerCase());
    // Made on the base model instead, the same edit is another one.
    expect((await ftLlm().edit(model, [cases[1]])).id).not.to.equal(second.id);
  });

  it("fits a batch together: the loss that it starts with is the mean of the cases' own", async () => {
    const alone = [];
    for (const each of cases)
      alone.push((await ftLlm({ steps: 1 }).edit(model, [each])).provenance.trace!.loss as number[]);
    const [together] = (await ftLlm({ steps: 1 }).edit(model, cases)).provenance.trace!.loss as number[];
    expect(together).to.be.closeTo((alone[0][0] + alone[1][0]) / 2, 1e-6);
  });

  it("names the sites when the wanted one does not exist", async () => {
    const error = await ftLlm({ site: "layers.7.mlp.down_proj" })
      .edit(model, cases)
      .catch((e) => e);
    expect(error).to.be.instanceOf(NoSuchSiteError);
    expect(error.message).to.include("layers.1.mlp.down_proj");
  });
});

/** Loss and gradient of an answer before any change of a weight. */
async function atZero(model: VisionLanguageModel, site: string, { image, question, target }: EditCase) {
  const objective = await model.objective({
    trainables: [{ kind: "dense", site }],
    examples: [{ query: { image, question }, answer: target }],
  });
  const { data, dims } = model.weight(site);
  const evaluated = await objective.evaluate({ [denseParameter(site)]: float32(new Float32Array(data.length), dims) });
  await objective.release();
  return evaluated;
}
