import { expect } from "chai";
import { sampleScene } from "../../../../../../datasets/phantom/world/sample-scene.ts";
import type { Found } from "../../../../../../kernels/models/phantom/retrieval/exam/found.ts";
import { textExam } from "../../../../../../kernels/models/phantom/retrieval/exam/text-exam.ts";
import { wordVectors } from "../../../../../../kernels/models/phantom/retrieval/exam/word-vectors.ts";

const scenes = Array.from({ length: 30 }, (_, i) => sampleScene(900 + i));
const recall = (found: readonly Found[], group: Found["group"]) => {
  const of = found.filter((each) => each.group === group);
  return of.filter(({ rank }) => rank === 0).length / of.length;
};

describe("the text exam", () => {
  it("asks each of 500 things in a wording that is not among the candidates, and gives a blind encoder nothing", async () => {
    const asked: string[] = [];
    const found = await textExam({ text: async (text) => (asked.push(text), Float32Array.of(1, 0)) }, scenes, 1);
    expect(asked).to.have.length(1000);
    const candidates = new Set(asked.filter((_, i) => i % 2));
    expect(asked.filter((text, i) => i % 2 === 0 && candidates.has(text))).to.deep.equal([]);
    for (const group of ["fact", "fact-held-out", "composed", "composed-held-out", "visual"] as const) {
      expect(found.filter((each) => each.group === group)).to.have.length(100);
      expect(recall(found, group)).to.equal(0);
    }
    expect(recall(found, "words"), "the control does not depend on the encoder").to.be.within(0.3, 0.9);
  });
});

describe("word vectors", () => {
  it("weigh rare words more than common ones and ignore order", () => {
    const [a, b, c, d] = wordVectors(["the cause of x", "of x the cause", "the cause of y", "the cause of z"]);
    expect(b).to.deep.equal(a);
    const dot = (v: Float32Array, w: Float32Array) => v.reduce((sum, value, i) => sum + value * w[i], 0);
    expect(dot(a, a)).to.be.closeTo(1, 1e-6);
    expect(dot(c, d)).to.be.closeTo(0, 1e-6);
  });
});
