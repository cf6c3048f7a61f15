import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { editorNamed } from "../../../kernels/editors/index.ts";
import { loadCases } from "../../../kernels/load-cases.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { logDistribution, logitRow } from "../../../kernels/models/logit-rows.ts";
import { unpackRow } from "../../../kernels/models/packed-row.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { describeWithShared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";

/** What holds of every model, asked about an image and without one. */
function observes(open: () => Promise<{ model: VisionLanguageModel; cases: EditCase[] }>): void {
  let model: VisionLanguageModel;
  let asked: EditCase;
  before(async () => {
    const opened = await open();
    model = opened.model;
    asked = opened.cases[0];
  });
  after(() => model?.dispose());
  const queries = () => [asked, { question: asked.question }];

  it("agrees with `score` in the model's own form", async () => {
    for (const query of queries()) {
      const { ids, logprobs, top } = await model.observe(query, asked.target);
      expect({ ids, logprobs, argmax: top.flat() }).to.deep.equal(await model.score(query, asked.target));
    }
  });

  it("keeps ranks of every row, and distributions of the answer's rows, as the logits have them", async () => {
    for (const query of queries()) {
      const logits = await model.logits(query, asked.target);
      const seen = await model.observe(query, asked.target, { positions: "all", topK: 10, distributions: true });
      expect(seen.length).to.equal(logits.dims[1]);
      expect(seen.top).to.have.length(seen.length);
      expect(new Set(seen.top.map((ids) => ids.length))).to.deep.equal(new Set([10]));
      seen.ids.forEach((id, i) => {
        const row = logDistribution(logitRow(logits, seen.firstRow + i));
        expect(row[id]).to.equal(seen.logprobs[i]);
        expect([...unpackRow(seen.distributions![i])]).to.deep.equal([...Float32Array.from(row)]);
      });
    }
  });

  it("joins question, blank and answer without the words of the template", async () => {
    for (const query of queries()) {
      const plain = await model.observe(query, asked.target, { form: "plain" });
      const template = await model.observe(query, asked.target, { form: "template" });
      expect(plain.length).to.be.below(template.length);
      // Row r predicts token r + 1, and the answer ends the sequence.
      for (const { firstRow, ids, length } of [plain, template]) expect(firstRow + ids.length + 1).to.equal(length);
      expect(plain.apart.bare).to.not.be.empty;
    }
  });

  it("puts words around the question, which an edit that looks for it does not see", async () => {
    const wording = "Question: {question} Short answer:";
    const worded = await model.observe(asked, asked.target, { form: "plain", wording });
    const bare = { ...asked, question: wording.replace("{question}", asked.question) };
    expect(worded).to.deep.equal(await model.observe(bare, asked.target, { form: "plain" }));
    const view = model.with(await editorNamed("oracle").edit(model, [asked]));
    const { ids, top } = await view.observe(asked, asked.target, { form: "plain", wording });
    expect(top.flat()).to.deep.equal(ids);
  });

  it("has a table's answer in the ids and rows that are scored, however it is tokenised", async () => {
    const view = model.with(await editorNamed("oracle").edit(model, [asked]));
    for (const [form, labels] of [
      ["plain", "bare"],
      ["template", "spaced"],
    ] as const) {
      const { apart, length, top } = await view.observe(asked, asked.target, { form, labels, positions: "all" });
      const said = top.flat().slice(0, -1);
      expect(said.slice(-apart[labels].length)).to.deep.equal(apart[labels]);
      expect(top).to.have.length(length);
      // Rows before the window are the model's own.
      const before = await model.observe(asked, asked.target, { form, labels, positions: "all" });
      expect(said.slice(0, -apart[labels].length)).to.deep.equal(
        before.top.flat().slice(0, length - 1 - apart[labels].length),
      );
    }
    const other = { ...asked, question: `${asked.question} indeed` };
    const unlabelled = await model.observe(other, asked.target, { form: "plain" });
    expect(await view.observe(other, asked.target, { form: "plain", labels: "bare" })).to.deep.equal(unlabelled);
  });

  it("writes on by itself, as many ids as the answer has: its own answer where that is the one it is given", async () => {
    for (const query of queries()) {
      const answer = await model.answer(query);
      const { written, top } = await model.observe(query, answer, { writes: true });
      expect(written).to.deep.equal(top.flat());
      const { apart, written: other } = await model.observe(query, asked.target, { form: "plain", labels: "bare", writes: true }); // prettier-ignore
      expect(other!.length).to.be.within(1, apart.bare.length);
    }
    const view = model.with(await editorNamed("oracle").edit(model, [asked]));
    const { apart, written } = await view.observe(asked, asked.target, { form: "plain", labels: "bare", writes: true });
    expect(written).to.deep.equal(apart.bare);
    expect((await model.observe(asked, asked.target)).written).to.equal(undefined);
  });

  it("shows a view's edits, and the base unchanged beside it", async () => {
    const before = await model.observe(asked, asked.target, { positions: "all", topK: 3 });
    const view = model.with(await editorNamed("oracle").edit(model, [asked]));
    const after = await view.observe(asked, asked.target, { positions: "all", topK: 3 });
    expect(after.ids).to.deep.equal(before.ids);
    expect(after.ids.map((_, i) => after.top[after.firstRow + i][0])).to.deep.equal(after.ids);
    for (const logprob of after.logprobs) expect(logprob).to.be.closeTo(0, 1e-6);
    expect(await view.answer(asked)).to.equal(asked.target);
    // Other questions are the model's own.
    const other = { ...asked, question: `${asked.question} indeed` };
    expect(await view.observe(other, asked.target)).to.deep.equal(await model.observe(other, asked.target));
    expect(await view.route(asked)).to.deep.include({ fires: true });
    expect(await view.route(other)).to.deep.include({ fires: false });
    expect(await model.route(asked)).to.equal(undefined);
    expect(await model.observe(asked, asked.target, { positions: "all", topK: 3 })).to.deep.equal(before);
  });
}

describe("observing phantom", () =>
  observes(async () => {
    const model = await loadModel("phantom", { device: "cpu" });
    return { model, cases: (await loadCases("phantom/medmkeb", { model, limit: 2 })).cases };
  }));

describeWithShared("observing a model of another form", TINY_VLM, () =>
  observes(async () => {
    const model = await loadTinyVlm();
    return { model, cases: await tinyCases(model, 2) };
  }),
);
