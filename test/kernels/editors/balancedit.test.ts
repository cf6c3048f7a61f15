import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { balancEdit } from "../../../kernels/editors/balancedit.ts";
import { OptionError } from "../../../kernels/editors/read-options.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { withBlankImage } from "../../../kernels/models/blank-image.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import type { NearestKeyScope } from "../../../kernels/models/scopes/scope.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";

const scopeOf = ({ scope }: Edit) => scope as NearestKeyScope;

describe("balancedit", () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadModel("phantom", { device: "cpu" });
    cases = (await loadCases("phantom/medmkeb", { model, limit: 3 })).cases;
  });
  after(() => model?.dispose());

  it("gives the target, for the question and for the paraphrase that set its radius", async () => {
    const view = model.with(await balancEdit().edit(model, [cases[0]]));
    expect(await view.answer(cases[0])).to.equal(cases[0].target);
    expect(await view.answer({ ...cases[0], question: `please answer: ${cases[0].question}` })).to.equal(
      cases[0].target,
    );
  });

  it("sets the radius between the distances that its own router sees, a fifth of the way from the black image", async () => {
    const edit = await balancEdit({ steps: 1 }).edit(model, [cases[0]]);
    const view = model.with(edit);
    const { image, question } = cases[0];
    const distance = async (query: { image?: typeof image; question: string }) => (await view.route(query))!.score;
    const positive = await distance({ image, question: `please answer: ${question}` });
    const negative = await withBlankImage((black) => distance({ image: black, question }), 0);
    expect(negative).to.be.greaterThan(positive);
    expect(scopeOf(edit).radii[0]).to.be.closeTo(0.8 * negative + 0.2 * positive, 1e-9);
  });

  it("does not fire for the same question about a black image, whose logits stay bit for bit", async () => {
    const view = model.with(await balancEdit().edit(model, [cases[0]]));
    const { question, target } = cases[0];
    await withBlankImage(async (image) => {
      expect(await view.route({ image, question })).to.include({ fires: false });
      const logits = async (asked: VisionLanguageModel) => (await asked.logits({ image, question }, target)).data;
      expect(await logits(view)).to.deep.equal(await logits(model));
    }, 0);
  });

  it("takes the case's own probe where that is asked for, and the positive distance alone without an image", async () => {
    const probe = cases[0].probes.find(({ kind }) => kind === "text-generality")!;
    const seen = await balancEdit({ steps: 1, paraphrase: "probe" }).edit(model, [cases[0]]);
    const [positive] = seen.provenance.trace!.positives as number[];
    expect((await model.with(seen).route(probe))!.score).to.be.closeTo(positive, 1e-9);
    const blind = await balancEdit({ steps: 1 }).edit(model, [{ ...cases[0], image: undefined }]);
    expect(blind.provenance.trace!.negatives).to.deep.equal([]);
    expect(scopeOf(blind).radii).to.deep.equal(blind.provenance.trace!.positives);
  });

  for (const nothing of [{ steps: 0 }, { rank: 0 }])
    it(`stores nothing with ${JSON.stringify(nothing)}`, async () => {
      const edit = await balancEdit(nothing).edit(model, [cases[0]]);
      const view = model.with(edit);
      expect(edit.interventions).to.deep.equal([]);
      expect(await view.score(cases[0], cases[0].target)).to.deep.equal(await model.score(cases[0], cases[0].target));
    });

  it("goes on with a view's codebook", async () => {
    const one = await balancEdit().edit(model, [cases[0]]);
    const two = await balancEdit().edit(model.with(one), [cases[1]]);
    expect(two.supersedes).to.deep.equal([one.id]);
    const view = model.with(one, two);
    for (const [entry, fact] of cases.slice(0, 2).entries()) {
      expect(await view.answer(fact)).to.equal(fact.target);
      expect(await view.route(fact)).to.include({ fires: true, entry, case: fact.id });
    }
  });

  it("refuses a balance beyond 1", () => {
    expect(() => balancEdit({ balance: 1.5 })).to.throw(OptionError, 'balancedit option "balance": 1.5 is more than 1');
  });
});
