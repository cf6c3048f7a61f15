import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { wiseMask } from "../../../kernels/editors/memories/wise-mask.ts";
import { WiseIntervalError } from "../../../kernels/editors/memories/wise-memory.ts";
import { wiseMerge } from "../../../kernels/editors/memories/wise-merge.ts";
import { wise } from "../../../kernels/editors/wise.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import type { ActivationScope } from "../../../kernels/models/scopes/scope.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { denseParameter } from "../../../kernels/models/trainables.ts";
import { expectNear } from "../onnx/near.ts";

const scopeOf = ({ scope }: Edit) => scope as ActivationScope;
const deltas = ({ interventions }: Edit) =>
  interventions.map((step) => (step.kind === "dense" ? (step.delta.data as Float32Array) : new Float32Array()));

describe("wise", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  let corpus: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    const { cases: all } = await loadCases("phantom/medmkeb", { model, limit: 8 });
    [cases, corpus] = [all.slice(0, 3), all.slice(3)];
  });
  after(() => model?.dispose());

  it("gives the target, moves its own activations far and those of other prompts little", async () => {
    const edit = await wise().edit(model, [cases[0]], { corpus });
    const view = model.with(edit);
    expect(await view.answer(cases[0])).to.equal(cases[0].target);
    const { activations, locality } = edit.provenance.trace as Record<string, number[]>;
    expect(activations[0]).to.be.greaterThan(15);
    for (const distance of locality) expect(distance).to.be.lessThan(10);
    const decision = (await view.route(cases[0]))!;
    expect(decision).to.include({ fires: true, entry: 0, case: cases[0].id });
    expect(decision.score).to.be.closeTo(activations[0], 1e-9);
    expect(decision.threshold).to.be.closeTo(0.88 * activations[0], 1e-9);
    const other = cases[0].probes.find(({ kind }) => kind === "text-locality")!;
    expect((await view.logits(other, "no")).data).to.deep.equal((await model.logits(other, "no")).data);
  });

  it("changes only weights of the mask, by no more than the bound", async () => {
    const edit = await wise({ steps: 5, clamp: 0.01 }).edit(model, [cases[0]], { corpus });
    const [delta] = deltas(edit);
    const mask = wiseMask(delta.length, 0);
    let moved = 0;
    delta.forEach((value, i) => {
      if (value === 0) return;
      expect(mask[i]).to.equal(1);
      expect(Math.abs(value)).to.be.at.most(Math.fround(0.01));
      moved++;
    });
    expect(moved).to.be.greaterThan(delta.length / 10);
  });

  it("takes a first step of gradient descent on the words alone, where the margins have no slope yet", async () => {
    const [lr, site] = [0.5, "layers.3.mlp.down_proj"];
    const edit = await wise({ steps: 1, lr, weightDecay: 0, share: 1 }).edit(model, [cases[0]], { corpus });
    const examples = [{ query: cases[0], answer: cases[0].target }];
    const objective = await model.objective({ trainables: [{ kind: "dense", site }], examples });
    const [delta] = deltas(edit);
    const name = denseParameter(site);
    const { gradients } = await objective.evaluate({ [name]: float32(new Float32Array(delta.length), [512, 192]) });
    await objective.release();
    const wanted = Array.from(gradients[name].data, (slope) => -lr * slope);
    expectNear(delta, wanted, "modelFloat32", "step");
  });

  it("stores nothing in zero steps", async () => {
    const edit = await wise({ steps: 0 }).edit(model, [cases[0]], { corpus });
    const view = model.with(edit);
    expect(edit.interventions).to.deep.equal([]);
    expect(await view.score(cases[0], cases[0].target)).to.deep.equal(await model.score(cases[0], cases[0].target));
  });

  it("works without a corpus: the edit's own margin is left", async () => {
    const edit = await wise().edit(model, [cases[0]]);
    expect(edit.provenance.trace!.locality).to.deep.equal([]);
    expect(await model.with(edit).answer(cases[0])).to.equal(cases[0].target);
  });

  it("goes on with a view's side memory, in one entry until its shard is full", async () => {
    const roomy = wise({ saveEvery: 500 });
    const first = await roomy.edit(model, [cases[0]], { corpus });
    const second = await roomy.edit(model.with(first), [cases[1]], { corpus });
    expect(second.supersedes).to.deep.equal([first.id]);
    expect(scopeOf(second).cases).to.deep.equal([[cases[0].id, cases[1].id]]);
    const view = model.with(first, second);
    expect(await view.answer(cases[1])).to.equal(cases[1].target);
    expect(await view.route(cases[1])).to.deep.include({ fires: true, cases: [cases[0].id, cases[1].id] });
  });

  it("keeps every edit of a sequence by default, in shards as small as the model", async () => {
    let view = model;
    for (const each of cases)
      view = model.with(...view.edits, await wise().edit(view, [each], { corpus: [...corpus, ...cases] }));
    for (const [entry, each] of cases.entries()) {
      expect(await view.answer(each)).to.equal(each.target);
      expect(await view.route(each)).to.include({ fires: true, entry, case: each.id });
    }
  });

  it("takes several cases at once", async () => {
    const view = model.with(await wise().edit(model, cases, { corpus }));
    for (const each of cases) expect(await view.answer(each)).to.equal(each.target);
  });

  it("puts full shards by, and merges them by TIES", async () => {
    const sharded = { saveEvery: 1, mergeEvery: 1 };
    const apart = [];
    let view = model;
    for (const each of cases.slice(0, 2)) {
      const edit = await wise({ ...sharded, mergeEvery: 2, steps: 10 }).edit(view, [each], { corpus });
      apart.push(edit);
      view = model.with(...view.edits, edit);
    }
    const [one, merged] = apart;
    expect(scopeOf(one).thresholds).to.have.length(1);
    expect(scopeOf(merged).cases).to.deep.equal([cases.slice(0, 2).map(({ id }) => id)]);
    const lone = await wise({ saveEvery: 1, mergeEvery: 1000, steps: 10 }).edit(model.with(one), [cases[1]], {
      corpus,
    });
    const [a, b] = deltas(lone);
    expect(a).to.deep.equal(deltas(one)[0]);
    const zeros = new Float32Array(a.length);
    expect(deltas(merged)[0]).to.deep.equal(wiseMerge(zeros, [a, b], { weights: [0.5, 0.5], density: 0.53 }));
    // Another shard, another mask.
    const share = b.filter((value, i) => value !== 0 && a[i] !== 0).length / b.filter((value) => value !== 0).length;
    expect(share).to.be.within(0.15, 0.25);
  });

  it("refuses intervals that would lose edits", async () => {
    const error = await wise({ saveEvery: 2, mergeEvery: 3, steps: 1 }).edit(model, [cases[0]]).catch((e) => e); // prettier-ignore
    expect(error).to.be.instanceOf(WiseIntervalError);
  });
});
