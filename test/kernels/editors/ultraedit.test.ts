import { expect } from "chai";
import { Matrix } from "ml-matrix";
import type { EditCase } from "../../../datasets/case.ts";
import { denseMatrix } from "../../../kernels/editors/closed-forms/weight-update.ts";
import { matrixOf } from "../../../kernels/editors/closed-forms/tensor-matrix.ts";
import type { Edit } from "../../../kernels/editors/editor.ts";
import { OptionError } from "../../../kernels/editors/read-options.ts";
import { ultraEdit } from "../../../kernels/editors/ultraedit.ts";
import { writtenAt } from "../../../kernels/editors/written-at.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { rowsParameter } from "../../../kernels/models/trainables.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { float32 } from "../../../kernels/tensor.ts";

const site = "layers.3.mlp.up_proj";

describe("ultraedit", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 3 })).cases;
  });
  after(() => model?.dispose());

  const change = ({ interventions }: Edit) => denseMatrix(writtenAt(interventions).get(site)!);

  it("solves the ridge equations with keys and gradients read one case at a time", async () => {
    const lr = 1e-3;
    const edit = await ultraEdit({ sites: [site], lr }).edit(model, cases);
    const rows: number[][] = [];
    for (const { image, question, target } of cases) {
      const { values } = await model.states({ image, question }, [{ site, of: "input" }], { answer: target });
      const objective = await model.objective({
        trainables: [{ kind: "rows", site }],
        examples: [{ query: { image, question }, answer: target }],
      });
      const tokens = objective.batch.embeds.dims[1];
      const name = rowsParameter(site);
      const zeros = float32(new Float32Array(tokens * 512), [1, tokens, 512]);
      const gradient = (await objective.evaluate({ [name]: zeros })).gradients[name].data;
      await objective.release();
      const h = matrixOf(values[0], "keys");
      for (let t = 0; t < h.rows; t++) rows.push([...h.getRow(t), ...gradient.slice(t * 512, (t + 1) * 512)]);
      expect(
        gradient.slice(h.rows * 512).every((value) => value === 0),
        "behind the end",
      ).to.equal(true);
    }
    const all = new Matrix(rows);
    const [mean, deviation] = [all.mean("column"), all.standardDeviation("column")];
    const standard = all
      .clone()
      .subRowVector(mean)
      .divRowVector(deviation.map((each) => each + 2 ** -23));
    const keys = all.subMatrix(0, all.rows - 1, 0, 191);
    const values = standard.subMatrix(0, all.rows - 1, 192, 703);
    for (let t = 0; t < all.rows; t++)
      values.mulRow(t, -lr * standard.getRow(t).slice(0, 192).reduce((sum, value) => sum + value * value, 0)); // prettier-ignore
    // (H^T H + I) delta = H^T V
    const delta = change(edit);
    const gap = keys.gram().add(Matrix.eye(192)).mmul(delta).sub(keys.transpose().mmul(values));
    expect(gap.norm() / keys.transpose().mmul(values).norm()).to.be.lessThan(1e-3);
  });

  it("gives the same edit in minibatches of any size", async () => {
    const of = async (minibatch: number) => change(await ultraEdit({ sites: [site], minibatch }).edit(model, cases));
    const whole = await of(3);
    expect((await of(1)).sub(whole).norm() / whole.norm()).to.be.lessThan(1e-3);
  });

  it("carries its statistics in the edit: those of two edits are those of the union, under corrected", async () => {
    const name = "statistics of 192x512";
    const first = await ultraEdit({ sites: [site], lr: 0 }).edit(model, [cases[0]]);
    const second = await ultraEdit({ sites: [site], lr: 0 }).edit(model.with(first), [cases[1]]);
    const union = await ultraEdit({ sites: [site], lr: 0 }).edit(model, cases.slice(0, 2));
    const [a, b, c] = [first, second, union].map(({ carried }) => [...(carried![name].data as Float64Array)]);
    expect(a).to.have.length(1 + 2 * 704);
    expect(b[0]).to.equal(c[0]).and.greaterThan(a[0]);
    b.forEach((value, i) => expect(value).to.be.closeTo(c[i], 1e-5 * (1 + Math.abs(c[i]))));
    // The official variance of a batch counts n / (n - 1) times.
    const official = await ultraEdit({ sites: [site], lr: 0, variant: "official" }).edit(model, [cases[0]]);
    const o = official.carried![name].data as Float64Array;
    expect(Object.keys(official.provenance.trace!)).to.deep.equal(["loss", "norm"]);
    expect(o[705] / a[705]).to.be.closeTo(a[0] / (a[0] - 1), 1e-6);
  });

  it("writes the projections into the MLPs of the upper layers, and makes the model say every target of a batch", async () => {
    const edit = await ultraEdit().edit(model, cases);
    expect(edit.provenance.options.sites).to.deep.equal(
      [3, 4].flatMap((layer) => [`layers.${layer}.mlp.gate_proj`, `layers.${layer}.mlp.up_proj`]),
    );
    const view = model.with(edit);
    for (const each of cases) expect(await view.answer(each)).to.equal(each.target);
  });

  it("changes nothing at a step size of 0, and refuses minibatches of nothing", async () => {
    const view = model.with(await ultraEdit({ lr: 0 }).edit(model, [cases[0]]));
    expect((await view.logits(cases[0], "x")).data).to.deep.equal((await model.logits(cases[0], "x")).data);
    expect(() => ultraEdit({ minibatch: 0 })).to.throw(OptionError, /minibatch/);
  });
});
