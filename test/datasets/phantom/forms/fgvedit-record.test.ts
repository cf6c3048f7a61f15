import { expect } from "chai";
import { type FgveditRecord, fgveditRecord } from "../../../../datasets/phantom/forms/fgvedit-record.ts";
import { FACTS, splitOf, SPLITS } from "../../../../datasets/phantom/knowledge/index.ts";
import { neighbours } from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import { readAnswer } from "../questions/read-answer.ts";

const FAMILIES = ["finding-in-organ", "finding-on-side", "next-to", "device-kind", "device-crosses", "finding-side"];

describe("fgveditRecord", () => {
  let records: FgveditRecord[];
  before(() => {
    records = SPLITS.flatMap((split) => Array.from({ length: 36 }, (_, i) => fgveditRecord(split, 5, i)));
  });

  it("edits each family equally often, in images with three entities and more that touch", () => {
    for (const family of FAMILIES) expect(records.filter((record) => record.family === family)).to.have.lengthOf(18);
    for (const { scene } of records) {
      const { organs, findings, devices } = scene;
      expect(organs.length + findings.length + devices.length).to.be.at.least(3);
      const inside = findings.filter(({ inside }) => inside).length;
      const over = devices.filter(({ crosses, covers }) => crosses ?? covers).length;
      expect(inside + over + neighbours(scene).length).to.be.above(0);
    }
  });

  it("edits what the image shows into something of the same type that is not the answer", () => {
    for (const { scene, family, src, edit } of records) {
      expect(src.answer).to.equal(edit.to).and.not.equal(edit.from);
      const shown = readAnswer(scene, family, src.ask.about);
      if (shown !== undefined) expect(shown, src.question).to.equal(edit.from);
      if (family === "next-to") {
        const beside = neighbours(scene).flatMap(([a, b]) =>
          a === src.ask.about[0] ? [b] : b === src.ask.about[0] ? [a] : [],
        );
        expect(beside, src.question).to.deep.equal([edit.from]);
      }
      if (family === "device-kind") expect(scene.devices.map(({ kind }) => kind)).to.deep.equal([edit.from]);
    }
  });

  it("asks for locality what places and outlines answer alike before and after", () => {
    let read = 0;
    for (const { scene, edit, locality, family } of records) {
      const { ask, question, answer } = locality;
      expect(ask.hops).to.equal(0);
      expect([...ask.about, answer].filter((name) => name === edit.from || name === edit.to)).to.deep.equal([]);
      const scenes = family === "device-crosses" ? [scene] : [scene, edit.twin()!];
      for (const each of scenes) {
        const shown = readAnswer(each, ask.family, ask.about);
        if (shown === undefined) continue;
        expect(shown, question).to.equal(answer);
        read++;
      }
    }
    expect(read).to.be.above(100);
  });

  it("asks for generality what has another answer, or makes sense only, where the edit is true", () => {
    let read = 0;
    for (const { edit, scene, generality, src, family, split } of records) {
      const { ask, answer, question } = generality;
      expect(ask).to.not.equal(src.ask);
      if (ask.hops > 0) {
        const facts = ask.family.split("/").slice(1);
        const tail = facts.reduce(
          (head, relation) => FACTS.find((fact) => fact.head === head && fact.relation === relation)!.tail,
          ask.about[0],
        );
        expect(tail, question).to.equal(answer);
        expect(splitOf(FACTS.find(({ head }) => head === ask.about[0])!), question).to.equal(split);
        expect(question).to.not.contain(ask.about[0]);
        continue;
      }
      expect(family).to.not.equal("device-crosses");
      const after = readAnswer(edit.twin()!, ask.family, ask.about);
      if (after === undefined) continue;
      expect(after, question).to.equal(answer);
      read++;
      const known = new Set<string>([...scene.organs, ...scene.findings, ...scene.devices].map(({ kind }) => kind));
      const asksOfNew = ask.about.includes(edit.to) && !known.has(edit.to);
      if (!asksOfNew) expect(readAnswer(scene, ask.family, ask.about), question).to.not.equal(answer);
    }
    expect(read).to.be.above(40);
  });

  it("asks in text for a fact of its split that names nothing of the edit", () => {
    for (const { textLocality, split, edit, src } of records) {
      const { fact, question, answer } = textLocality;
      expect(splitOf(fact)).to.equal(split);
      expect(FACTS).to.include(fact);
      expect(answer).to.equal(fact.tail);
      expect(question).to.contain(fact.head);
      for (const name of [edit.from, edit.to, ...src.ask.about]) expect([fact.head, fact.tail]).to.not.include(name);
    }
  });
});
