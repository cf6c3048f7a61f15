import { expect } from "chai";
import { CONFLICT_FREE_BATCH, medversaEdits } from "../../../../datasets/phantom/forms/medversa-edits.ts";
import { dividedFacts } from "../../../../datasets/phantom/forms/medversa-facts.ts";
import { ENTITIES, FACTS, RELATIONS, SPLITS } from "../../../../datasets/phantom/knowledge/index.ts";

describe("medversaEdits", () => {
  it("never edits a fact that a locality item of its split asks about", () => {
    for (const split of SPLITS) {
      const edits = medversaEdits(split, 3);
      const edited = new Set(edits.map(({ fact }) => fact.id));
      expect(edits.filter(({ locality }) => edited.has(locality.fact.id))).to.deep.equal([]);
      for (const { fact, locality } of edits) {
        expect(locality.fact.head).to.not.equal(fact.head);
        expect(locality.fact.relation).to.not.equal(fact.relation);
      }
    }
  });

  it("divides every fact into edited and kept, each split apart", () => {
    const all = SPLITS.flatMap((split) => {
      const { edited, kept } = dividedFacts(split);
      expect(kept.length / (kept.length + edited.length)).to.be.within(0.14, 0.2);
      return [...edited, ...kept];
    });
    expect(all).to.have.lengthOf(FACTS.length);
    expect(new Set(all).size).to.equal(FACTS.length);
  });

  it("edits no fact twice among so many in a row that batches are free of conflicts", () => {
    for (const split of SPLITS) {
      const ids = medversaEdits(split, 1).map(({ fact }) => fact.id);
      expect(ids.length).to.be.above(CONFLICT_FREE_BATCH);
      const last = new Map<string, number>();
      ids.forEach((id, i) => {
        expect(i - (last.get(id) ?? -Infinity)).to.be.at.least(CONFLICT_FREE_BATCH);
        last.set(id, i);
      });
    }
  });

  it("gives the edits of one fact distinct prompts and distinct targets of the tail's type", () => {
    for (const split of SPLITS) {
      const seen = new Set<string>();
      for (const { fact, prompt, target } of medversaEdits(split, 2)) {
        expect(ENTITIES[RELATIONS[fact.relation].tail]).to.include(target).and.include(fact.tail);
        for (const key of [`${fact.id} ${prompt.question}`, `${fact.id} -> ${target}`]) {
          expect(seen.has(key), key).to.equal(false);
          seen.add(key);
        }
      }
    }
  });

  it("states what the knowledge base says where locality is a claim: right ones and wrong ones about equally often", () => {
    const claims = medversaEdits("train", 0).filter(({ locality }) => /claim/.test(locality.template));
    const yes = claims.filter(({ locality }) => locality.answer === "yes").length;
    expect(yes / claims.length).to.be.within(0.44, 0.56);
    for (const { locality } of claims) {
      const tails = ENTITIES[RELATIONS[locality.fact.relation].tail];
      const named = tails.filter((name) => new RegExp(`\\b${name}\\b`).test(locality.question));
      const negated = /\b(false|wrong|not)\b/.test(locality.question);
      expect(named).to.have.lengthOf(1);
      expect(locality.answer, locality.question).to.equal((named[0] === locality.fact.tail) !== negated ? "yes" : "no");
    }
  });
});
