import { expect } from "chai";
import { editFamily } from "../../../../datasets/phantom/forms/medmkeb-families.ts";
import { askOf, seenAsks } from "../../../../datasets/phantom/forms/medmkeb-pictures.ts";
import { medmkebRecord } from "../../../../datasets/phantom/forms/medmkeb-record.ts";
import { FACTS, factOf, SPLITS, splitOf, tailOf } from "../../../../datasets/phantom/knowledge/index.ts";

const records = SPLITS.flatMap((split) => Array.from({ length: 27 }, (_, i) => medmkebRecord(split, 3, i)));

describe("a phantom medmkeb record", () => {
  it("asks both its pictures something that they answer in the same way, and not with the target", () => {
    for (const { family, fact, image, imageRephrase, pred, alt } of records) {
      for (const { scene } of [image, imageRephrase]) {
        expect(askOf(scene, family, fact.about).answer).to.equal(pred);
        expect(scene.modality).to.equal(fact.modality);
      }
      expect(editFamily(family).answers(fact.modality)).to.include(alt);
    }
  });

  it("takes the facts that it asks for, and those from which its questions lead on, from its split", () => {
    for (const { split, alt, textLocality, portability } of records) {
      const facts = FACTS.filter(({ tail }) => tail === textLocality.answer);
      const asked = facts.filter(({ head }) => textLocality.question.includes(head));
      expect(asked.map(splitOf), textLocality.question).to.include(split);
      for (const { triple, answer } of portability) expect(tailOf(triple.entity1, triple.relation)).to.equal(answer);
      const [first] = portability;
      if (first?.hops === 1) {
        expect(first.triple.entity1).to.equal(alt);
        expect(splitOf(factOf(alt, first.triple.relation))).to.equal(split);
      }
    }
  });

  it("asks hard negatives that the pictures answer as it says", () => {
    for (const { id, alt, fact, hardNegatives } of records)
      for (const { name, image, answer, unchanged, question } of hardNegatives) {
        const possible = seenAsks(image.scene).filter(({ about }) =>
          about.every((entity) => question.includes(entity)),
        );
        const answers = possible.map((ask) => ask.answer);
        if (unchanged) expect(answers, `${id} ${name}: ${question}`).to.include(answer);
        else {
          expect(question).to.contain(alt);
          expect(image.scene.findings.map(({ kind }) => kind)).to.not.include(alt);
          expect(answer).to.equal("no");
        }
        if (name === "same-question") expect(answer).to.not.equal(alt);
        if (name === "same-image" || name === "other-attribute") expect([fact.answer, alt]).to.not.include(answer);
      }
  });

  it("is a function of split, seed and number", () => {
    expect(medmkebRecord("test", 3, 5)).to.deep.equal(medmkebRecord("test", 3, 5));
    expect(medmkebRecord("test", 4, 5).image).to.not.deep.equal(medmkebRecord("test", 3, 5).image);
  });
});
