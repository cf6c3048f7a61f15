import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { melo } from "../../../kernels/editors/melo.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import type { NearestKeyScope } from "../../../kernels/models/scopes/scope.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

const scopeOf = ({ scope }: Edit) => scope as NearestKeyScope;

describe("melo", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 4 })).cases;
  });
  after(() => model?.dispose());

  it("gives the target with two ranks at each of two layers behind the key's, which they leave as it is", async () => {
    const edit = await melo().edit(model, [cases[0]]);
    const view = model.with(edit);
    expect(await view.answer(cases[0])).to.equal(cases[0].target);
    expect(scopeOf(edit).site).to.equal("layers.2.mlp.up_proj");
    const shapes = edit.interventions.map((step) =>
      step.kind === "low-rank" ? [step.site, step.a.dims, step.b.dims] : [],
    );
    expect(shapes).to.deep.equal([
      ["layers.3.mlp.up_proj", [192, 2], [2, 512]],
      ["layers.4.mlp.up_proj", [192, 2], [2, 512]],
    ]);
    expect(await view.route(cases[0])).to.include({ fires: true, entry: 0, case: cases[0].id, score: 0 });
  });

  it("leaves the logits of a query outside every cluster bit for bit", async () => {
    const view = model.with(await melo().edit(model, [cases[0]]));
    const logits = async (asked: VisionLanguageModel) => (await asked.logits(cases[1], cases[1].target)).data;
    expect(await logits(view)).to.deep.equal(await logits(model));
  });

  for (const nothing of [{ steps: 0 }, { rank: 0 }])
    it(`stores nothing with ${JSON.stringify(nothing)}`, async () => {
      const edit = await melo(nothing).edit(model, [cases[0]]);
      const view = model.with(edit);
      expect(edit.interventions).to.deep.equal([]);
      expect(await view.score(cases[0], cases[0].target)).to.deep.equal(await model.score(cases[0], cases[0].target));
    });

  it("trains cases that come together in one block, four by default", async () => {
    const edit = await melo().edit(model, cases.slice(0, 3));
    expect(scopeOf(edit).points!.entries).to.deep.equal([0, 0, 0]);
    const view = model.with(edit);
    for (const fact of cases.slice(0, 3)) {
      expect(await view.answer(fact)).to.equal(fact.target);
      expect((await view.route(fact))!.case).to.equal(fact.id);
    }
    const apart = await melo({ perBlock: 2, steps: 1 }).edit(model, cases.slice(0, 3));
    expect(scopeOf(apart).points!.entries).to.deep.equal([0, 0, 1]);
  });

  it("goes on with a view's clusters, and forgets what a split pushes out", async () => {
    const one = await melo().edit(model, [cases[0]]);
    const two = await melo().edit(model.with(one), [cases[1]]);
    expect(two.supersedes).to.deep.equal([one.id]);
    const view = model.with(one, two);
    for (const [entry, fact] of cases.slice(0, 2).entries()) {
      expect(await view.answer(fact)).to.equal(fact.target);
      expect(await view.route(fact)).to.include({ fires: true, entry, case: fact.id });
    }
    const other = { ...cases[0], id: "other", target: cases[1].target };
    const split = await melo().edit(view, [other]);
    expect(split.provenance.trace!.actions).to.equal("split");
    expect(await model.with(one, two, split).answer(cases[0])).to.equal(cases[1].target);
  });

  it("halves the step size: with steps that are halved away at once it stays where the first took it", async () => {
    const after = async (options: object) =>
      (await melo(options).edit(model, [cases[0]])).provenance.trace!.loss as number[];
    const [slow, fast] = [await after({ steps: 12, halveEvery: 1 }), await after({ steps: 12, halveEvery: 20 })];
    expect(slow.slice(0, 2)).to.deep.equal(fast.slice(0, 2));
    expect(slow.at(-1)).to.be.greaterThan(2 * fast.at(-1)!);
  });
});
