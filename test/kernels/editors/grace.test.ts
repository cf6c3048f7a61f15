import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { grace } from "../../../kernels/editors/grace.ts";
import { OptionError } from "../../../kernels/editors/read-options.ts";
import { UnknownNameError } from "../../../kernels/errors.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import type { NearestKeyScope } from "../../../kernels/models/scopes/scope.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

const scopeOf = ({ scope }: Edit) => scope as NearestKeyScope;

describe("grace", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 4 })).cases;
  });
  after(() => model?.dispose());

  it("gives the target and nothing after it, and lowers the loss", async () => {
    const losses: number[] = [];
    const edit = await grace().edit(model, [cases[0]], { onStep: (_step, _of, loss) => losses.push(loss) });
    expect(await model.with(edit).answer(cases[0])).to.equal(cases[0].target);
    expect(losses).to.deep.equal(edit.provenance.trace!.loss).and.have.length(50);
    expect(losses.at(-1)).to.be.lessThan(losses[0] / 100);
  });

  it("sits below the last layer, so that what it replaces reaches the tokens behind", async () => {
    expect(scopeOf(await grace({ steps: 1 }).edit(model, [cases[0]])).site).to.equal("layers.3.mlp.down_proj");
  });

  it("leaves the logits of a query outside every radius bit for bit, and the base model after it is dropped", async () => {
    const edit = await grace().edit(model, [cases[0]]);
    const logits = async (asked: VisionLanguageModel, of: EditCase) => (await asked.logits(of, of.target)).data;
    const before = await logits(model, cases[0]);
    expect(await logits(model.with(edit), cases[1])).to.deep.equal(await logits(model, cases[1]));
    expect(await logits(model.with(edit), cases[0])).to.not.deep.equal(before);
    expect(await logits(model, cases[0])).to.deep.equal(before);
  });

  it("stores nothing in zero steps", async () => {
    const edit = await grace({ steps: 0 }).edit(model, [cases[0]]);
    expect(edit.interventions).to.deep.equal([]);
    const view = model.with(edit);
    expect(await view.score(cases[0], cases[0].target)).to.deep.equal(await model.score(cases[0], cases[0].target));
    expect(await view.route(cases[0])).to.include({ fires: false });
  });

  it("stores one value for a repeated fact and splits the balls of two targets of one question", async () => {
    const again = await grace().edit(model, [cases[0], { ...cases[0], id: "again" }]);
    expect(again.provenance.trace!.actions).to.equal("init none");
    expect(scopeOf(again).cases).to.deep.equal([[cases[0].id, "again"]]);
    const other = { ...cases[0], id: "other", target: cases[1].target };
    const split = await grace().edit(model, [cases[0], other]);
    expect(split.provenance.trace!.actions).to.equal("init split");
    expect(scopeOf(split).radii).to.deep.equal([0, 0]);
    expect(await model.with(split).answer(cases[0])).to.equal(cases[1].target);
    expect(await model.with(split).route(cases[0])).to.include({ fires: true, case: "other" });
  });

  it("goes on with a view's codebook: the same edit in two steps as in one", async () => {
    const [first, second] = cases;
    const one = await grace().edit(model, [first]);
    const two = await grace().edit(model.with(one), [second]);
    expect(two.supersedes).to.deep.equal([one.id]);
    const view = model.with(one, two);
    for (const fact of [first, second]) {
      expect(await view.answer(fact)).to.equal(fact.target);
      expect(await view.route(fact)).to.include({ fires: true, case: fact.id, score: 0 });
    }
    const both = await grace().edit(model, [first, second]);
    expect(two.interventions).to.deep.equal(both.interventions);
    expect(two.scope).to.deep.equal(both.scope);
    const three = await grace().edit(view, [cases[2]]);
    expect(three.supersedes).to.deep.equal([one.id, two.id]);
  });

  it("draws its values from the seed", async () => {
    const ids = [];
    for (const seed of [0, 0, 1]) ids.push((await grace({ steps: 2 }).edit(model, [cases[0]], { seed })).id);
    expect(ids[0]).to.equal(ids[1]).and.not.equal(ids[2]);
  });

  it("refuses unknown variants with the nearest name", () => {
    expect(() => grace({ radius: 0 })).to.throw(OptionError, /radius 0 answers nothing/);
    expect(() => grace({ variant: "oficial" as never })).to.throw(UnknownNameError, 'did you mean "official"?');
  });
});
