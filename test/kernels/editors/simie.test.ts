import { expect } from "chai";
import { Matrix, inverse } from "ml-matrix";
import type { EditCase } from "../../../datasets/case.ts";
import { denseMatrix } from "../../../kernels/editors/closed-forms/weight-update.ts";
import { matrixOf } from "../../../kernels/editors/closed-forms/tensor-matrix.ts";
import type { Edit } from "../../../kernels/editors/editor.ts";
import { ftM } from "../../../kernels/editors/ft-m.ts";
import { rRome } from "../../../kernels/editors/r-rome.ts";
import { OptionError } from "../../../kernels/editors/read-options.ts";
import { simie } from "../../../kernels/editors/simie.ts";
import { writtenAt } from "../../../kernels/editors/written-at.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

const site = "layers.3.mlp.down_proj";
const inner = { inner: "ft-m" as const, innerOptions: { site } };

describe("simie", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 2 })).cases;
  });
  after(() => model?.dispose());

  const change = ({ interventions }: Edit) => denseMatrix(writtenAt(interventions).get(site)!);
  /** K^T of a case, [tokens, in]. */
  const keys = async (view: VisionLanguageModel, { image, question, target }: EditCase) =>
    matrixOf((await view.states({ image, question }, [{ site, of: "input" }], { answer: target })).values[0], "keys");

  it("writes what the wrapped editor wrote, at the keys, as lambda vanishes, and less the larger it is", async () => {
    const written = change(await ftM({ site }).edit(model, [cases[0]]));
    const k = await keys(model, cases[0]);
    const at = (m: Matrix) => k.mmul(m);
    const kept = async (lambda: number) => at(change(await simie({ ...inner, lambda }).edit(model, [cases[0]])));
    const whole = at(written);
    expect((await kept(1e-6)).sub(whole).norm() / whole.norm()).to.be.lessThan(1e-3);
    expect((await kept(1e4)).norm()).to.be.lessThan(0.5 * whole.norm());
  });

  it("writes the wrapped editor's whole change as lambda vanishes, where that editor writes in the span of the keys", async () => {
    // R-ROME with the identity as covariance writes along its key, the input at the last token of the prompt.
    const options = { site, covariance: "identity" as const, steps: 3 };
    const written = change(await rRome(options).edit(model, [cases[0]]));
    const rome = { inner: "r-rome" as const, innerOptions: options };
    const all = change(await simie({ ...rome, lambda: 1e-9 }).edit(model, [cases[0]]));
    expect(all.sub(written).norm() / written.norm()).to.be.lessThan(1e-3);
    // One that writes elsewhere keeps only what the keys see of it.
    const elsewhere = change(await ftM({ site }).edit(model, [cases[0]]));
    const seen = change(await simie({ ...inner, lambda: 1e-9 }).edit(model, [cases[0]]));
    expect(seen.norm()).to.be.lessThan(0.99 * elsewhere.norm());
  });

  it("writes K^T K (W_edit - W) / lambda as lambda grows, and so nothing in the end", async () => {
    const written = change(await ftM({ site }).edit(model, [cases[0]]));
    const k = await keys(model, cases[0]);
    const first = k.transpose().mmul(k.mmul(written));
    const lambda = 1e8;
    const step = change(await simie({ ...inner, lambda }).edit(model, [cases[0]]));
    expect(step.mul(lambda).sub(first).norm() / first.norm()).to.be.lessThan(1e-3);
  });

  it("goes on as the formula says: a second step from base, against the keys of both", async () => {
    const lambda = 2;
    const editor = simie({ ...inner, lambda });
    const first = await editor.edit(model, [cases[0]]);
    const view = model.with(first);
    const second = await editor.edit(view, [cases[1]]);
    // W_2 - W_1 = M^-1 K^T K (W_edit - W_1) for weights [in, out], with M of all keys and W_edit made from the base.
    const [k1, k2] = [await keys(model, cases[0]), await keys(view, cases[1])];
    const m = Matrix.eye(512, 512, lambda).add(k1.gram()).add(k2.gram());
    const made = change(await ftM({ site }).edit(model, [cases[1]]));
    const expected = inverse(m).mmul(k2.gram().mmul(made.sub(change(first))));
    expect(change(second).sub(expected).norm() / expected.norm()).to.be.lessThan(1e-3);
    // Without a restart the wrapped editor goes on from the view.
    const on = change(await simie({ ...inner, lambda, restart: false }).edit(view, [cases[1]]));
    expect(on.sub(expected).norm() / expected.norm()).to.be.greaterThan(0.01);
  });

  it("makes the model say the target", async () => {
    expect(await model.with(await simie().edit(model, [cases[0]])).answer(cases[0])).to.equal(cases[0].target);
  });

  it("changes nothing where the wrapped editor does not", async () => {
    const view = model.with(await simie({ inner: "ft-m", innerOptions: { steps: 0 } }).edit(model, [cases[0]]));
    expect((await view.logits(cases[0], "x")).data).to.deep.equal((await model.logits(cases[0], "x")).data);
  });

  it("refuses an editor that writes the vision encoder", async () => {
    const error = await simie({ inner: "ft-vision", innerOptions: { steps: 1 } }).edit(model, [cases[0]]).catch((e) => e); // prettier-ignore
    expect(error).to.be.instanceOf(OptionError);
    expect(error.message).to.include("vision.layers.1.mlp.fc1");
  });
});
