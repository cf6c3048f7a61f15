import { createHash } from "node:crypto";
import { expect } from "chai";
import {
  chains,
  ENTITIES,
  FACTS,
  headOf,
  PATHS,
  RELATION_NAMES,
  RELATIONS,
  tailOf,
} from "../../../../datasets/phantom/knowledge/index.ts";
import { UnknownNameError } from "../../../../kernels/errors.ts";

describe("phantom facts", () => {
  it("are 534 triples, one for every head of every relation", () => {
    expect(FACTS.length).to.equal(534);
    for (const relation of RELATION_NAMES) {
      const heads = FACTS.filter((fact) => fact.relation === relation).map(({ head }) => head);
      expect(heads, relation).to.have.members([...ENTITIES[RELATIONS[relation].head]]);
    }
    expect(new Set(FACTS.map(({ id }) => id)).size).to.equal(FACTS.length);
  });

  it("lead to entities of the relation's type", () => {
    for (const { relation, tail } of FACTS) expect(ENTITIES[RELATIONS[relation].tail]).to.include(tail);
  });

  it("use all tails of a relation equally often, to within one, where there are as many heads", () => {
    for (const relation of RELATION_NAMES.filter((name) => name !== "leading-condition")) {
      const counts = ENTITIES[RELATIONS[relation].tail].map(
        (tail) => FACTS.filter((fact) => fact.relation === relation && fact.tail === tail).length,
      );
      expect(Math.max(...counts) - Math.min(...counts), relation).to.be.at.most(1);
    }
  });

  it("let each finding mark eight conditions, one of them its leading condition", () => {
    for (const finding of ENTITIES.finding) {
      const marked = ENTITIES.condition.filter((condition) => tailOf(condition, "marking-finding") === finding);
      expect(marked.length).to.equal(8);
      expect(marked).to.include(tailOf(finding, "leading-condition"));
    }
  });

  it("do not change: trained models know exactly these", () => {
    const triples = FACTS.map(({ head, relation, tail }) => `${head}|${relation}|${tail}`).join("\n");
    expect(createHash("sha256").update(triples).digest("hex").slice(0, 16)).to.equal("3ff875e83ed9ca5f");
  });

  it("form paths whose relations fit together", () => {
    for (const path of PATHS) {
      path.slice(1).forEach((relation, i) => expect(RELATIONS[relation].head).to.equal(RELATIONS[path[i]].tail));
      for (const head of ENTITIES[headOf(path)]) {
        const tails = chains(head, path);
        let at = head;
        path.forEach((relation, i) => {
          at = FACTS.find((fact) => fact.head === at && fact.relation === relation)!.tail;
          expect(tails[i]).to.equal(at);
        });
      }
    }
  });

  it("refuse a relation that does not apply, naming the type that it needs", () => {
    expect(() => tailOf("glimmar", "origin")).to.throw(
      UnknownNameError,
      'no origin of "glimmar"; the head must be a cause',
    );
    expect(() => chains("glimmar", ["leading-condition", "purpose"])).to.throw(UnknownNameError);
  });
});
