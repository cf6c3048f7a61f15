import { expect } from "chai";
import { ENTITIES, FACTS, headOf, PATHS, RELATIONS, tailOf } from "../../../../datasets/phantom/knowledge/index.ts";
import {
  answersOf,
  claimQuestion,
  composedQuestion,
  isComposedTrained,
  textQuestion,
} from "../../../../datasets/phantom/questions/index.ts";
import { RELATION_TEMPLATES } from "../../../../datasets/phantom/questions/relation-templates.ts";
import { random } from "../../../../kernels/random.ts";

describe("questions about phantom facts", () => {
  it("name the head, end in a question mark, never give the answer away and have a known answer", () => {
    const stream = random(1);
    for (const fact of FACTS) {
      const { question, answer, family, hops, template } = textQuestion(fact, "probe", stream);
      expect(question)
        .to.include(fact.head)
        .and.match(/^[a-z ,?]+\?$/);
      expect(question).not.to.include(fact.tail);
      expect(answer).to.equal(fact.tail);
      expect(answersOf(family)).to.include(answer);
      expect([hops, template.startsWith("probe/")]).to.deep.equal([1, true]);
    }
  });

  it("tell which template they were made from", () => {
    const { question, template } = textQuestion(FACTS[0], "train", random(3));
    const text = RELATION_TEMPLATES[FACTS[0].relation].train[Number(template.split("/")[1])];
    expect(question).to.equal(text.replace("{x}", FACTS[0].head));
  });

  it("claim what holds and what does not equally often, and answer accordingly", () => {
    const stream = random(2);
    const tally = { yes: 0, no: 0 };
    for (const fact of FACTS)
      for (const family of ["claim", "negated-claim"] as const) {
        const { question, answer, about } = claimQuestion(fact, "train", stream, family);
        const holds = about[1] === tailOf(fact.head, fact.relation);
        const negated = /false|wrong| not /.test(question);
        expect(negated).to.equal(family === "negated-claim");
        expect(answer, question).to.equal(holds !== negated ? "yes" : "no");
        expect(ENTITIES[RELATIONS[fact.relation].tail]).to.include(about[1]);
        expect(question).to.include(about[1]);
        tally[answer as "yes" | "no"]++;
      }
    expect(tally.yes / (tally.yes + tally.no)).to.be.within(0.46, 0.54);
  });

  it("put one statement into the words of both splits for streams of one seed", () => {
    for (const [seed, fact] of FACTS.entries()) {
      const [train, probe] = (["train", "probe"] as const).map((split) => claimQuestion(fact, split, random(seed)));
      expect(train.question).not.to.equal(probe.question);
      expect([train.answer, train.about]).to.deep.equal([probe.answer, probe.about]);
    }
  });

  it("lead along paths without naming what lies on them", () => {
    const stream = random(4);
    for (const path of PATHS)
      for (const head of ENTITIES[headOf(path)]) {
        const { question, answer, family, hops } = composedQuestion(head, path, "probe", stream);
        const tails: string[] = [];
        for (const relation of path) tails.push(tailOf(tails.at(-1) ?? head, relation));
        expect(answer).to.equal(tails.at(-1));
        expect(hops).to.equal(path.length);
        expect(question).to.include(head);
        for (const tail of tails) expect(question).not.to.include(tail);
        expect(answersOf(family)).to.include(answer);
      }
  });

  it("hold 30 of a hundred heads of each path back from composed training", () => {
    for (const path of PATHS) {
      const heads = ENTITIES[headOf(path)];
      expect(heads.filter(isComposedTrained).length).to.equal(Math.round(0.7 * heads.length));
    }
  });

  it("are the same for the same stream", () => {
    const ask = (seed: number) => {
      const stream = random(seed);
      return FACTS.map((fact) => textQuestion(fact, "train", stream).question);
    };
    expect(ask(5)).to.deep.equal(ask(5));
    expect(ask(5)).not.to.deep.equal(ask(6));
  });
});
