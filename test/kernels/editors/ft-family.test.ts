import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import type { Edit } from "../../../kernels/editors/editor.ts";
import { ftAll } from "../../../kernels/editors/ft-all.ts";
import { ftL } from "../../../kernels/editors/ft-l.ts";
import { ftM } from "../../../kernels/editors/ft-m.ts";
import { ftProj } from "../../../kernels/editors/ft-proj.ts";
import { ftVision } from "../../../kernels/editors/ft-vision.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { lossAt } from "../models/loss-at.ts";

const family = { "ft-m": ftM, "ft-l": ftL, "ft-proj": ftProj, "ft-vision": ftVision, "ft-all": ftAll };

describe("fine-tuning editors", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 3 })).cases;
  });
  after(() => model?.dispose());

  const query = ({ image, question }: EditCase) => ({ image, question });
  const deltas = ({ interventions }: Edit) =>
    interventions.map((step) => {
      if (step.kind !== "dense") throw new Error("fine-tuning gives dense changes");
      return { site: step.site, data: step.delta.data as Float32Array };
    });

  for (const [id, editor] of Object.entries(family))
    it(`${id} changes nothing in zero steps`, async () => {
      const view = model.with(await editor({ steps: 0 }).edit(model, [cases[0]]));
      expect((await view.logits(cases[0], "x")).data).to.deep.equal((await model.logits(cases[0], "x")).data);
    });

  for (const [id, editor] of [
    ["ft-m", ftM],
    ["ft-proj", ftProj],
  ] as const)
    // prettier-ignore
    it(`${id} takes a first step of exactly AdamW's size`, async () => {
      const [lr, weightDecay] = [0.001, 0.02];
      const edit = await editor({ steps: 1, lr, weightDecay, stopBelow: 0 }).edit(model, [cases[0]]);
      const [{ site, data }] = deltas(edit);
      const { gradient } = await (await lossAt(model, site, cases[0], cases[0].target))();
      const weight = model.weight(site).data;
      let worst = 0;
      data.forEach((value, i) => {
        const expected = -lr * (gradient[i] / (Math.abs(gradient[i]) + 1e-8) + weightDecay * weight[i]);
        worst = Math.max(worst, Math.abs(value - expected));
      });
      // A gradient within rounding of zero may have either sign, or a size near epsilon; the two programs round alike.
      expect(worst).to.be.lessThan(2e-5);
    });

  it("loses what the logits say: each token after those before it for FT-M, all from the prompt's last token for FT-L", async () => {
    const { question, image } = cases[0];
    const answer = `${cases[0].target} ${cases[1].target}`;
    const asked: EditCase = { ...cases[0], target: answer };
    const { data, dims } = await model.logits({ image, question }, answer);
    const [, tokens, vocabulary] = dims;
    const score = await model.score(query(cases[0]), answer);
    const count = score.ids.length;
    const nll = (row: number, id: number) => {
      const logits = Array.from(data.slice(row * vocabulary, (row + 1) * vocabulary));
      const most = Math.max(...logits);
      return most + Math.log(logits.reduce((sum, value) => sum + Math.exp(value - most), 0)) - logits[id];
    };
    const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const first = async (edit: Promise<Edit>) => ((await edit).provenance.trace!.loss as number[])[0];
    expect(count).to.be.greaterThan(1);
    // The word that follows token r is predicted in row r; the answer's are the last rows.
    const inTurn = mean(score.ids.map((id, i) => nll(tokens - count - 1 + i, id)));
    expect(await first(ftM({ steps: 1, labels: "answer-only" }).edit(model, [asked]))).to.be.closeTo(inTurn, 1e-4);
    const boundary = model.promptLength(query(cases[0]));
    const atOnce = mean(score.ids.map((id) => nll(boundary - 1, id)));
    expect(await first(ftL({ steps: 1 }).edit(model, [asked]))).to.be.closeTo(atOnce, 1e-4);
    expect(Math.abs(atOnce - inTurn)).to.be.greaterThan(0.01);
  });

  it("keeps every change of a weight within the bound", async () => {
    const largest = async (clamp: number) => {
      const [{ data }] = deltas(await ftL({ clamp, steps: 8, stopBelow: 0 }).edit(model, [cases[0]]));
      return data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    };
    expect(await largest(0.004))
      .to.be.at.most(Math.fround(0.004))
      .and.greaterThan(0.0039);
    expect(await largest(0)).to.be.greaterThan(0.01);
  });

  it("stops before the step at which the loss is below the wanted one", async () => {
    const edit = await ftM({ stopBelow: 0.5 }).edit(model, [cases[0]]);
    const losses = edit.provenance.trace!.loss as number[];
    expect(losses.at(-1)).to.be.lessThan(0.5);
    expect(losses.slice(0, -1).every((loss) => loss >= 0.5)).to.equal(true);
    const shorter = await ftM({ stopBelow: 0, steps: losses.length - 1 }).edit(model, [cases[0]]);
    expect(deltas(shorter)).to.deep.equal(deltas(edit));
  });

  for (const [id, editor] of [
    ["ft-m", ftM],
    ["ft-all", ftAll],
  ] as const)
    // prettier-ignore
    it(`${id} teaches a batch, and goes on from a view`, async () => {
      const batch = model.with(await editor({ steps: 40 }).edit(model, cases));
      for (const each of cases) expect(await batch.answer(query(each))).to.equal(each.target);
      const view = model.with(await editor().edit(model, [cases[0]]));
      const both = view.with(await editor().edit(view, [cases[1]]));
      expect(await both.answer(query(cases[1]))).to.equal(cases[1].target);
    });

  for (const [id, editor] of [
    ["ft-proj", ftProj],
    ["ft-vision", ftVision],
  ] as const)
    // prettier-ignore
    it(`${id} changes what is said of an image through its features alone: without an image nothing changes`, async () => {
      const seen = cases.find(({ image }) => image)!;
      const edit = await editor().edit(model, [seen]);
      for (const { site } of deltas(edit)) expect(site).to.match(/^(vision\.|projector)/);
      const view = model.with(edit);
      expect(await view.answer(query(seen))).to.equal(seen.target);
      const said = { question: seen.question };
      expect((await view.logits(said, seen.target)).data).to.deep.equal((await model.logits(said, seen.target)).data);
    });
});
