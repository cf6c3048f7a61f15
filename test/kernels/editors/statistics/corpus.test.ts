import { expect } from "chai";
import type { EditCase } from "../../../../datasets/case.ts";
import { casesCorpus, corpusOf } from "../../../../kernels/editors/statistics/corpus.ts";
import { defaultCorpus, phantomCorpus } from "../../../../kernels/editors/statistics/default-corpus.ts";
import type { EditableModel } from "../../../../kernels/models/editable-model.ts";

const image = { id: "a.png", path: "/somewhere/a.png" };
const edited: EditCase = {
  ...{ id: "1", benchmark: "b", split: "test", task: "edit-vision", image, meta: {} },
  ...{ question: "which organ?", answer: "lung", target: "liver" },
  probes: [
    { kind: "reliability", image, question: "which organ?", expect: { answer: "liver" } },
    { kind: "text-locality", question: "is water wet?", expect: { unchanged: true, context: "yes" } },
  ],
};

describe("corpora of statistics", () => {
  it("hold what a model knew before the edits: no target, no paraphrase, no question that a test asks of locality", () => {
    const { name, texts, size } = casesCorpus("cases", [edited]);
    expect([...(texts() as Iterable<unknown>)]).to.deep.equal([{ image, question: "which organ?", answer: "lung" }]);
    expect([name, size]).to.deep.equal(["cases (1 text)", 1]);
  });

  it("are known by their texts and the images' names, wherever the images lie", () => {
    const [text] = [{ image, question: "q?", answer: "a" }];
    const elsewhere = { ...text, image: { ...image, path: "/elsewhere/a.png" } };
    expect(corpusOf("x", [text]).digest).to.equal(corpusOf("y", [elsewhere]).digest);
    expect(corpusOf("x", [text]).digest).not.to.equal(corpusOf("x", [{ ...text, answer: "b" }]).digest);
  });

  it("are the phantom model's training questions, for another model the cases, and for none nothing", async () => {
    const [phantom, other] = ["phantom", "other"].map((id) => ({ id }) as EditableModel);
    expect(defaultCorpus(phantom, [edited])).to.deep.include({ digest: phantomCorpus().digest, size: 300 });
    expect(defaultCorpus(other, [edited])!.digest).to.equal(casesCorpus("", [edited]).digest);
    expect(defaultCorpus(other, [])).to.equal(undefined);
    const few = phantomCorpus(2);
    const read = [];
    for await (const text of few.texts()) read.push(text);
    expect(read).to.have.length(few.size).and.to.have.length(4);
    expect(read.map(({ image: shown }) => shown !== undefined)).to.deep.equal([true, false, true, false]);
    for (const { question, answer } of read) expect(question.endsWith("?") && answer.length > 0).to.equal(true);
  });
});
