import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { ftM } from "../../../kernels/editors/ft-m.ts";
import { lora } from "../../../kernels/editors/lora.ts";
import { randomDirection } from "../../../kernels/editors/random-direction.ts";
import { denseMatrix } from "../../../kernels/editors/closed-forms/weight-update.ts";
import { writtenAt } from "../../../kernels/editors/written-at.ts";
import { UnknownNameError } from "../../../kernels/errors.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

describe("random-direction", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 1 })).cases;
  });
  after(() => model?.dispose());

  it("changes the weights of the editor that it is like, each by the same norm, in another direction", async () => {
    for (const [like, editor, options] of [
      ["ft-m", ftM, {}],
      ["lora", lora, { rank: 2 }],
    ] as const) {
      // prettier-ignore
      const matched = writtenAt((await editor(options).edit(model, cases)).interventions);
      const drawn = writtenAt((await randomDirection({ like, likeOptions: options }).edit(model, cases)).interventions);
      expect([...drawn.keys()]).to.deep.equal([...matched.keys()]);
      for (const [site, update] of drawn) {
        const [a, b] = [denseMatrix(update), denseMatrix(matched.get(site)!)];
        const norm = b.norm("frobenius");
        expect(norm).to.be.greaterThan(0.01);
        expect(a.norm("frobenius") / norm).to.be.closeTo(1, 1e-6);
        // Cosine of independent directions in 36,864 dimensions or more: five deviations.
        expect(Math.abs(a.mul(b).sum()) / norm ** 2).to.be.lessThan(5 / Math.sqrt(36864));
      }
    }
  });

  it("draws from the seed", async () => {
    const id = async (seed: number) => (await randomDirection({ likeOptions: { steps: 1 } }).edit(model, cases, { seed })).id; // prettier-ignore
    expect(await id(1)).to.equal(await id(1));
    expect(await id(1)).to.not.equal(await id(2));
  });

  it("changes nothing where the other editor does not", async () => {
    const view = model.with(await randomDirection({ likeOptions: { steps: 0 } }).edit(model, cases));
    const [a, b] = [await view.logits(cases[0], "x"), await model.logits(cases[0], "x")];
    expect(a.data).to.deep.equal(b.data);
  });

  it("refuses editors that write no weights", () => {
    expect(() => randomDirection({ like: "grace" as never })).to.throw(
      UnknownNameError,
      /random-direction like "grace"/,
    );
  });
});
