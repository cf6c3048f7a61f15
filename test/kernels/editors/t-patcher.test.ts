import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { normal } from "../../../kernels/editors/lora/normal.ts";
import { patcherTerm } from "../../../kernels/editors/memories/patcher-term.ts";
import { tPatcher } from "../../../kernels/editors/t-patcher.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import type { Values } from "../../../kernels/models/edit-objective.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { random } from "../../../kernels/random.ts";
import { float32 } from "../../../kernels/tensor.ts";

describe("t-patcher", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 6 })).cases;
  });
  after(() => model?.dispose());

  const neuronsOf = async (options: Parameters<typeof tPatcher>[0], of = [cases[0]]) => {
    const [step] = (await tPatcher(options).edit(model, of, { corpus: cases })).interventions;
    if (step.kind !== "neurons") throw new Error("t-patcher adds neurons");
    return step;
  };

  it("changes nothing in zero steps, in which the neurons' values are zero", async () => {
    const edit = await tPatcher({ steps: 0 }).edit(model, [cases[0]]);
    const { target } = cases[0];
    expect((await model.with(edit).logits(cases[0], target)).data).to.deep.equal((await model.logits(cases[0], target)).data); // prettier-ignore
  });

  it("opens one neuron a trained token from the start, by its key, in the last MLP", async () => {
    const { site, keys, bias } = await neuronsOf({ steps: 0 });
    expect(site).to.equal("layers.4.mlp.down_proj");
    const { image, question, target } = cases[0];
    const tap = { site: "layers.4.mlp.up_proj", of: "input" as const };
    const { values } = await model.states({ image, question }, [tap], { answer: target });
    const [tokens, width] = values[0].dims;
    const n = bias.dims[0];
    // The last rows: those that predict the answer's tokens and the end.
    for (let j = 0; j < n; j++) {
      const h = values[0].data.slice((tokens - n + j) * width, (tokens - n + j + 1) * width);
      const a = h.reduce((sum, value, i) => sum + value * (keys.data as Float32Array)[i * n + j], 0);
      expect(a).to.be.closeTo(1, 1e-4);
    }
  });

  it("differentiates its terms: finite differences, neurons of one case open there alone", () => {
    const stream = random(4);
    const names = { keys: "K", bias: "b" };
    const text = (tokens: number) => float32(normal(stream, tokens * 3, 1), [tokens, 3]);
    const values: Values = { K: float32(normal(stream, 6, 1), [3, 2]), b: float32(normal(stream, 2, 1), [2]) };
    const [own, others] = [[text(4), text(2)], [text(5)]];
    const at = (given: Values) => patcherTerm(given, names, own, [0, 1], others, { activation: 0.7, memory: 0.3 });
    const { loss, gradients } = at(values);
    for (const name of ["K", "b"])
      values[name].data.forEach((value, i) => {
        const moved = (by: number) => at({ ...values, [name]: float32(values[name].data.map((old, j) => (j === i ? value + by : old)), values[name].dims) }).loss; // prettier-ignore
        expect(gradients[name].data[i]).to.be.closeTo((moved(1e-3) - moved(-1e-3)) / 2e-3, 2e-3);
      });
    // By hand: the mean over 4 + 2 own pairs, and over 5 x 2 other ones.
    const a = (h: Float32Array, j: number) => h.reduce((sum, x, i) => sum + x * values.K.data[i * 2 + j], values.b.data[j]); // prettier-ignore
    const rows = ({ data, dims }: Values[string]) => Array.from({ length: dims[0] }, (_, r) => data.slice(r * 3, r * 3 + 3)); // prettier-ignore
    const mean = (numbers: number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const opened = mean([...rows(own[0]).map((h) => Math.exp(-a(h, 0))), ...rows(own[1]).map((h) => Math.exp(-a(h, 1)))]); // prettier-ignore
    const shut = mean(rows(others[0]).flatMap((h) => [0, 1].map((j) => Math.exp(Math.max(0, a(h, j))))));
    expect(loss).to.be.closeTo(0.7 * opened + 0.3 * shut, 1e-5);
  });

  it("makes the model say the targets, alone, in a batch and in a sequence", async () => {
    const first = await tPatcher().edit(model, [cases[0]], { corpus: cases });
    expect(first.provenance.trace!.memories)
      .to.match(/^questions of /)
      .and.not.include(cases[0].id);
    const view = model.with(first);
    expect(await view.answer(cases[0])).to.equal(cases[0].target);
    const both = view.with(await tPatcher().edit(view, [cases[1]], { corpus: cases }));
    expect(await both.answer(cases[1])).to.equal(cases[1].target);
    const batch = model.with(await tPatcher().edit(model, cases.slice(0, 3)));
    for (const each of cases.slice(0, 3)) expect(await batch.answer(each)).to.equal(each.target);
  });

  it("does not learn the target as the official code does, which trains it at the end of a passage", async () => {
    const edit = await tPatcher({ variant: "official", stopBelow: 0 }).edit(model, [cases[0]], { corpus: cases });
    expect(edit.provenance.options).to.include({ neurons: 1, init: "zeros", variant: "official" });
    expect(await model.with(edit).answer(cases[0])).to.not.equal(cases[0].target);
    const apart = await tPatcher({ neurons: 1, init: "zeros" }).edit(model, [cases[0]], { corpus: cases });
    expect(await model.with(apart).answer(cases[0])).to.equal(cases[0].target);
  });
});
