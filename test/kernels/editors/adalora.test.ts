import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { adalora } from "../../../kernels/editors/adalora.ts";
import { normal } from "../../../kernels/editors/lora/normal.ts";
import {
  adapterIn,
  asFactors,
  orthogonality,
  svdGradients,
  svdParameters,
} from "../../../kernels/editors/lora/svd-adapter.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import type { Values } from "../../../kernels/models/edit-objective.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { lowRankParameters } from "../../../kernels/models/trainables.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { random } from "../../../kernels/random.ts";
import { float32 } from "../../../kernels/tensor.ts";

describe("adalora", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 2 })).cases;
  });
  after(() => model?.dispose());

  const site = "layers.3.self_attn.v_proj";

  it("changes nothing at rank 0 and in zero steps", async () => {
    const base = (await model.logits(cases[0], cases[0].target)).data;
    for (const options of [{ rank: 0 }, { steps: 0 }]) {
      const view = model.with(await adalora(options).edit(model, [cases[0]]));
      expect((await view.logits(cases[0], cases[0].target)).data).to.deep.equal(base);
    }
  });

  it("differentiates the SVD form by the chain rule: finite differences of the model's loss", async () => {
    const scale = 32 / (3 + 1e-5);
    const stream = random(7);
    const names = svdParameters(site);
    const values: Values = {
      [names.p]: float32(normal(stream, 192 * 3, 0.1), [192, 3]),
      [names.e]: float32(normal(stream, 3, 0.1), [3]),
      [names.q]: float32(normal(stream, 3 * 192, 0.1), [3, 192]),
    };
    const { image, question, target } = cases[0];
    const objective = await model.objective({
      trainables: [{ kind: "low-rank", site }],
      examples: [{ query: { image, question }, answer: target }],
    });
    const at = (given: Values) => {
      const { a, b } = asFactors(adapterIn(given, site), scale);
      return objective.evaluate({ [lowRankParameters(site).a]: a, [lowRankParameters(site).b]: b });
    };
    const gradients = svdGradients(values, site, (await at(values)).gradients, scale);
    for (const name of Object.values(names)) {
      // Along the gradient, where the difference is largest beside rounding.
      const { data, dims } = values[name];
      const gradient = gradients[name].data;
      const length = Math.hypot(...gradient);
      const step = (0.01 * Math.hypot(...data)) / length;
      const moved = async (sign: number) =>
        (await at({ ...values, [name]: float32(data.map((value, i) => value + sign * step * gradient[i]), dims) })).loss; // prettier-ignore
      const difference = ((await moved(1)) - (await moved(-1))) / (2 * step * length);
      expect(difference / length, name).to.be.closeTo(1, 0.02);
    }
    await objective.release();
  });

  it("penalises factors that are not orthonormal, with the gradient of that penalty", () => {
    const names = svdParameters(site);
    // |2 I - I| of two columns (4 - 1 each) and of two rows at angle 0: |[[0, 1], [1, 0]]|.
    const values: Values = {
      [names.p]: float32([2, 0, 0, 2, 0, 0], [3, 2]),
      [names.q]: float32([1, 0, 0, 1, 0, 0], [2, 3]),
    };
    expect(orthogonality(values, [site]).penalty).to.be.closeTo((Math.sqrt(18) + Math.sqrt(2)) / 2, 1e-12);
    const stream = random(2);
    const drawn: Values = {
      [names.p]: float32(normal(stream, 12, 1), [4, 3]),
      [names.q]: float32(normal(stream, 15, 1), [3, 5]),
    };
    const { gradients } = orthogonality(drawn, [site]);
    for (const name of [names.p, names.q])
      drawn[name].data.forEach((value, i) => {
        const moved = (to: number) => {
          const data = drawn[name].data.slice();
          data[i] = to;
          return { at: data[i], penalty: orthogonality({ ...drawn, [name]: float32(data, drawn[name].dims) }, [site]).penalty }; // prettier-ignore
        };
        const [up, down] = [moved(value + 1e-3), moved(value - 1e-3)];
        expect(gradients[name].data[i]).to.be.closeTo((up.penalty - down.penalty) / (up.at - down.at), 1e-4);
      });
    const eye: Values = { [names.p]: float32([1, 0, 0, 1], [2, 2]), [names.q]: float32([1, 0, 0, 1], [2, 2]) };
    expect(orthogonality(eye, [site]).penalty).to.equal(0);
  });

  it("makes the model say the target, and draws factors towards orthonormal ones where the penalty weighs", async () => {
    const edit = await adalora().edit(model, [cases[0]]);
    expect(await model.with(edit).answer(cases[0])).to.equal(cases[0].target);
    const penalty = async (orthogonality: number) =>
      (await adalora({ orthogonality, steps: 8, stopBelow: 0 }).edit(model, [cases[0]])).provenance.trace!
        .penalty as number;
    expect(await penalty(0.5)).to.be.lessThan(await penalty(0));
  });

  it("takes rank 12 as the official code, whatever rank is given", async () => {
    const ranks = async (options: Parameters<typeof adalora>[0]) =>
      (await adalora({ ...options, steps: 1, sites: [site] }).edit(model, [cases[0]])).interventions.map(
        (step) => step.kind === "low-rank" && step.a.dims[1],
      );
    expect(await ranks({ rank: 4, variant: "official" })).to.deep.equal([12]);
    expect(await ranks({ rank: 4 })).to.deep.equal([4]);
  });
});
