import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { ike } from "../../../kernels/editors/ike.ts";
import { demonstrationsOf } from "../../../kernels/editors/demonstrations.ts";
import type { Edit } from "../../../kernels/models/edit.ts";
import { SentenceEncoderError } from "../../../kernels/models/sentence-encoder.ts";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { describeWithShared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";

const text = (edit: Edit) => (edit.interventions[0].kind === "prefix" ? edit.interventions[0].text : "");

describeWithShared("ike", TINY_VLM, () => {
  let model: VisionLanguageModel;
  let cases: EditCase[];
  before(async () => {
    model = await loadTinyVlm();
    cases = await tinyCases(model, 8);
  });
  after(() => model?.dispose());

  const fact = ({ question, target }: EditCase) => `New Fact: ${question} ${target}\n`;
  const retrieved = (edit: Edit) => String(edit.provenance.trace!.retrieved).split(" ").filter(Boolean);

  it("puts only the new fact in front where there is no corpus, or k is 0", async () => {
    for (const given of [{ corpus: [] }, { corpus: cases, k: 0 }]) {
      const edit = await ike({ k: "k" in given ? given.k : 32 }).edit(model, [cases[0]], { corpus: given.corpus });
      expect(text(edit)).to.equal(`${fact(cases[0])}Prompt: `);
      expect(edit.provenance.trace).to.deep.equal({ demonstrations: 0, retrieved: "" });
    }
  });

  it("shows the nearest sentences farthest first, then the new fact as a demonstration, then the new fact", async () => {
    const edit = await ike({ k: 3 }).edit(model, [cases[0]], { corpus: cases });
    const sentences = new Map(
      cases.flatMap(demonstrationsOf).map(({ case: id, kind, text }) => [`${id}/${kind}`, text]),
    );
    const shown = retrieved(edit).map((id) => sentences.get(id)!);
    expect(shown).to.have.length(3);
    const copy = `${fact(cases[0])}Prompt: ${cases[0].question} ${cases[0].target}\n\n`;
    expect(text(edit)).to.equal(`${shown.reverse().join("")}${copy}${fact(cases[0])}Prompt: `);
    expect(retrieved(edit).some((id) => id.startsWith(`${cases[0].id}/`))).to.equal(false);
    const found = await (await model.sentenceEncoder("phantom")).digest();
    expect(edit.provenance.trace).to.have.property("encoder", found);
  });

  it("ranks sentences, not cases, by the encoder's cosine to the edit's own sentence", async () => {
    const edit = await ike({ k: 4, encoder: "embeddings" }).edit(model, [cases[0]], { corpus: cases });
    const own = `${fact(cases[0])}Prompt: ${cases[0].question} ${cases[0].target}\n\n`;
    const query = await model.embedText(own);
    const scored = [];
    for (const { case: id, kind, text } of cases.slice(1).flatMap(demonstrationsOf))
      scored.push({ id: `${id}/${kind}`, score: cosine(query, await model.embedText(text)) });
    scored.sort((a, b) => b.score - a.score);
    expect(retrieved(edit)).to.deep.equal(scored.slice(0, 4).map(({ id }) => id));
    expect(retrieved(await ike({ k: 4 }).edit(model, [cases[0]], { corpus: cases }))).to.not.deep.equal(
      retrieved(edit),
    );
  });

  it("leaves the new fact out of the demonstrations in the text form", async () => {
    const prefix = text(await ike({ k: 2, appendFact: false }).edit(model, [cases[0]], { corpus: cases }));
    expect(prefix.endsWith(`\n\n${fact(cases[0])}Prompt: `)).to.equal(true);
    expect(prefix.split(fact(cases[0]))).to.have.length(2);
  });

  it("puts all facts of a batch in front, after demonstrations near any of them, none of which is of an edited case", async () => {
    const edited = cases.slice(0, 2);
    const edit = await ike({ k: 2 }).edit(model, edited, { corpus: cases });
    expect(text(edit).endsWith(`${edited.map(fact).join("")}Prompt: `)).to.equal(true);
    for (const each of edited) expect(text(edit).split(fact(each))).to.have.length(3);
    expect(retrieved(edit)).to.have.length(2);
    for (const id of retrieved(edit)) expect(edited.map((each) => each.id)).to.not.include(id.split("/")[0]);
  });

  it("drops the farthest demonstrations that do not fit the model's context and says which it used", async () => {
    const all = await ike().edit(model, [cases[0]], { corpus: cases });
    const few = await ike({ k: 3 }).edit(model, [cases[0]], { corpus: cases });
    const used = all.provenance.trace!.demonstrations as number;
    expect(used).to.be.within(3, cases.length * 3 - 4);
    expect(retrieved(all)).to.have.length(used);
    expect(retrieved(all).slice(0, 3)).to.deep.equal(retrieved(few));
    const lengths = [cases[0], ...cases[0].probes].map((query) => model.with(all).promptLength(query));
    expect(Math.max(...lengths)).to.be.at.most(model.contextLength - 32);
  });

  it("takes demonstrations from a corpus that was changed since the last edit", async () => {
    const [editor, corpus] = [ike({ k: 1 }), cases.slice(1, 3)];
    await editor.edit(model, [cases[0]], { corpus });
    corpus.splice(0, 2, cases[3]);
    const [id] = retrieved(await editor.edit(model, [cases[0]], { corpus }));
    expect(id.split("/")[0]).to.equal(cases[3].id);
  });

  it("names an encoder that is not there", async () => {
    const error = await ike({ encoder: "./nowhere" })
      .edit(model, [cases[0]], { corpus: cases })
      .catch((error) => error);
    expect(error).to.be.instanceOf(SentenceEncoderError);
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  const product = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
