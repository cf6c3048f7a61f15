import { expect } from "chai";
import { FACTS, factsOf, SPLITS, splitOf } from "../../../../datasets/phantom/knowledge/index.ts";

describe("phantom edit splits", () => {
  it("cover every fact once, about 60, 20 and 20 of a hundred", () => {
    const parts = SPLITS.map(factsOf);
    expect(parts.flat().map(({ id }) => id)).to.have.members(FACTS.map(({ id }) => id));
    const shares = parts.map((part) => part.length / FACTS.length);
    expect(shares[0]).to.be.within(0.57, 0.63);
    expect(shares[1]).to.be.within(0.18, 0.22);
    expect(shares[2]).to.be.within(0.18, 0.22);
  });

  it("keep the facts of one head together", () => {
    const split = new Map<string, string>();
    for (const fact of FACTS) {
      expect(splitOf(fact)).to.equal(split.get(fact.head) ?? splitOf(fact));
      split.set(fact.head, splitOf(fact));
    }
  });

  it("have every relation in every split", () => {
    const relations = new Set(FACTS.map(({ relation }) => relation));
    for (const split of SPLITS)
      expect(new Set(factsOf(split).map(({ relation }) => relation))).to.deep.equal(relations);
  });
});
