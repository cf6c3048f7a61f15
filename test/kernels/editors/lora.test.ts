import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { NoSuchSiteError } from "../../../kernels/editors/default-sites.ts";
import type { Edit } from "../../../kernels/editors/editor.ts";
import { lora, type LoraOptions } from "../../../kernels/editors/lora.ts";
import { dropoutMasks } from "../../../kernels/editors/lora/dropout-masks.ts";
import { makeEdit } from "../../../kernels/editors/make-edit.ts";
import { OptionError } from "../../../kernels/editors/read-options.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { addTensors } from "../../../kernels/models/combine-edits.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { lowRankParameters } from "../../../kernels/models/trainables.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { random } from "../../../kernels/random.ts";
import { adam } from "../../../kernels/runtime/optimisers/adam.ts";
import { float32, type Tensor } from "../../../kernels/tensor.ts";
import { matrixProduct } from "./matrix-product.ts";

type Floats = Tensor<Float32Array>;

describe("lora", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 3 })).cases;
  });
  after(() => model?.dispose());

  const one: LoraOptions = { sites: ["layers.3.self_attn.v_proj"] };
  const logits = async (edit?: Edit) =>
    (await (edit ? model.with(edit) : model).logits(cases[0], cases[0].target)).data;

  it("changes nothing at rank 0, at alpha 0 and in zero steps, in which the second factor is zero", async () => {
    const base = await logits();
    for (const options of [{ rank: 0 }, { alpha: 0 }, { steps: 0 }])
      expect(await logits(await lora(options).edit(model, [cases[0]]))).to.deep.equal(base);
    const { interventions } = await lora({ steps: 0, rank: 3 }).edit(model, [cases[0]]);
    expect(interventions).to.have.length(10);
    for (const step of interventions) {
      expect(factors(step).a.dims).to.deep.equal([192, 3]);
      expect(factors(step).b.data.every((value) => value === 0)).to.equal(true);
    }
  });

  it("gives the logits of its factors' products written into the weights", async () => {
    const edit = await lora().edit(model, [cases[0]]);
    const merged = edit.interventions.map((step) => {
      if (step.kind !== "low-rank") throw new Error("lora gives factors");
      return { kind: "dense" as const, site: step.site, delta: matrixProduct(factors(step).a, factors(step).b) };
    });
    const [apart, within, base] = [await logits(edit), await logits(makeEdit([cases[0]], merged, edit.provenance)), await logits()]; // prettier-ignore
    expect(furthest(apart, within) / furthest(apart, base)).to.be.lessThan(1e-5);
  });

  it("adds up in a sequence: all adapters at once are the sum of their products, and each edit starts from those before it", async () => {
    const edits: Edit[] = [];
    for (const each of cases) {
      const before = await model.with(...edits).score(each, each.target);
      const edit = await lora({ steps: 6, labels: "answer-only" }).edit(model.with(...edits), [each]);
      // B starts at zero: the first loss is that of the view that is edited.
      const [first] = edit.provenance.trace!.loss as number[];
      const score = -before.logprobs.reduce((sum, value) => sum + value, 0) / before.logprobs.length;
      expect(first).to.be.closeTo(score, 1e-3 * (1 + score));
      edits.push(edit);
    }
    const sums = new Map<string, Floats>();
    for (const step of edits.flatMap(({ interventions }) => interventions)) {
      if (step.kind !== "low-rank") throw new Error("lora gives factors");
      sums.set(step.site, addTensors(sums.get(step.site), matrixProduct(factors(step).a, factors(step).b)));
    }
    const dense = [...sums].map(([site, delta]) => ({ kind: "dense" as const, site, delta }));
    const whole = model.with(makeEdit(cases, dense, edits[0].provenance));
    const [apart, together, base] = await Promise.all(
      [model.with(...edits), whole, model].map(async (view) => (await view.logits(cases[0], cases[0].target)).data),
    );
    expect(furthest(apart, together) / furthest(apart, base)).to.be.lessThan(1e-5);
  });

  it("steps as Adam does on y += alpha / rank (x A) B", async () => {
    const [rank, alpha, lr, steps, seed] = [2, 8, 0.01, 3, 5];
    const options = { ...one, rank, alpha, lr, steps, stopBelow: 0 };
    const edit = await lora(options).edit(model, [cases[0]], { seed });
    const start = factors((await lora({ ...options, steps: 0 }).edit(model, [cases[0]], { seed })).interventions[0]);
    const scale = alpha / rank;
    const site = one.sites![0];
    const names = lowRankParameters(site);
    const { image, question, target } = cases[0];
    const objective = await model.objective({
      trainables: [{ kind: "low-rank", site }],
      examples: [{ query: { image, question }, answer: target }],
    });
    const times = (tensor: Floats, factor: number) => float32(tensor.data.map((value) => value * factor), tensor.dims); // prettier-ignore
    let [a, b] = [times(start.a, 1 / Math.sqrt(scale)), start.b];
    expect(Math.max(...a.data.map(Math.abs))).to.be.within(0.9 / Math.sqrt(192), 1 / Math.sqrt(192));
    const [ruleA, ruleB] = [adam(a.data.length, { lr }), adam(b.data.length, { lr })];
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const { loss, gradients } = await objective.evaluate({ [names.a]: a, [names.b]: times(b, scale) });
      losses.push(loss);
      const [stepA, stepB] = [ruleA.step(gradients[names.a].data, a.data), ruleB.step(times(gradients[names.b], scale).data, b.data)]; // prettier-ignore
      a = float32(a.data.map((value, i) => value + stepA[i]), a.dims); // prettier-ignore
      b = float32(b.data.map((value, i) => value + stepB[i]), b.dims); // prettier-ignore
    }
    await objective.release();
    const got = factors(edit.interventions[0]);
    const [expected, found] = [times(matrixProduct(a, b), scale), matrixProduct(got.a, got.b)];
    expect(furthest(found.data, expected.data) / Math.max(...expected.data.map(Math.abs))).to.be.lessThan(1e-4);
    (edit.provenance.trace!.loss as number[]).forEach((loss, i) => expect(loss).to.be.closeTo(losses[i], 1e-4));
  });

  it("makes the model say the targets, alone, in a batch and in a sequence", async () => {
    const first = await lora().edit(model, [cases[0]]);
    expect(await model.with(first).answer(cases[0])).to.equal(cases[0].target);
    const batch = model.with(await lora().edit(model, cases));
    for (const each of cases) expect(await batch.answer(each)).to.equal(each.target);
    const view = model.with(first);
    expect(await view.with(await lora().edit(view, [cases[1]])).answer(cases[1])).to.equal(cases[1].target);
  });

  it("draws dropout from the seed, at every step anew, and trains through it", async () => {
    const losses = async (options: LoraOptions, seed = 0) =>
      (await lora({ ...options, steps: 4, stopBelow: 0 }).edit(model, [cases[0]], { seed })).provenance.trace!.loss;
    const [without, some, again] = [await losses({}), await losses({ dropout: 0.3 }), await losses({ dropout: 0.3 })];
    expect(some).to.deep.equal(again);
    expect(some).to.not.deep.equal(without);
    expect(await losses({ dropout: 0.3 }, 1)).to.not.deep.equal(some);
    const edit = await lora({ dropout: 0.1 }).edit(model, [cases[0]]);
    expect(await model.with(edit).answer(cases[0])).to.equal(cases[0].target);
  });

  it("draws masks that keep the expected input", () => {
    const site = model.sites.find(({ id }) => id === one.sites![0])!;
    const stream = random(3);
    const draw = () => Object.values(dropoutMasks(stream, [site], [2, 30, 192], 0.2))[0];
    const { data, dims } = draw();
    expect(dims).to.deep.equal([2, 30, 192]);
    expect(new Set(data)).to.deep.equal(new Set([0, Math.fround(1.25)]));
    // Five standard errors of a mean of 11,520 numbers with deviation 0.5.
    expect(data.reduce((sum, value) => sum + value, 0) / data.length).to.be.closeTo(1, 0.024);
    expect(draw().data).to.not.deep.equal(data);
  });

  it("refuses roles that no projection has, and dropout of everything", async () => {
    const error = await lora({ targets: ["w_pack"] }).edit(model, [cases[0]]).catch((e) => e); // prettier-ignore
    expect(error).to.be.instanceOf(NoSuchSiteError);
    expect(error.message).to.include('"w_pack"').and.include("q_proj, k_proj, v_proj");
    expect(() => lora({ dropout: 1 })).to.throw(OptionError, /leaves nothing/);
  });
});

function factors(step: Edit["interventions"][number]) {
  if (step.kind !== "low-rank") throw new Error("lora gives factors");
  return { a: step.a as Floats, b: step.b as Floats };
}

const furthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i])), 0);
