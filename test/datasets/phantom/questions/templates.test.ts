import { expect } from "chai";
import { CLAIM_FRAMES, STATEMENTS } from "../../../../datasets/phantom/questions/claim-templates.ts";
import { PHRASE_TEMPLATES } from "../../../../datasets/phantom/questions/phrase-templates.ts";
import { REFERENCE_TEMPLATES } from "../../../../datasets/phantom/questions/reference-templates.ts";
import { RELATION_TEMPLATES } from "../../../../datasets/phantom/questions/relation-templates.ts";
import { fill, type Templates, withArticle } from "../../../../datasets/phantom/questions/templates.ts";
import { VISUAL_TEMPLATES } from "../../../../datasets/phantom/questions/visual-templates.ts";

const groups: Record<string, Record<string, Templates>> = {
  relation: RELATION_TEMPLATES,
  phrase: PHRASE_TEMPLATES as Record<string, Templates>,
  reference: REFERENCE_TEMPLATES,
  claim: CLAIM_FRAMES,
  visual: VISUAL_TEMPLATES,
};
const all = Object.entries(groups).flatMap(([group, tables]) =>
  Object.entries(tables).map(([name, templates]) => ({ name: `${group} ${name}`, templates })),
);
const wordsOf = (texts: readonly string[]) =>
  new Set(
    texts
      .join(" ")
      .replace(/\{[^}]*\}/g, " ")
      .match(/[a-z]+/g),
  );

describe("phantom templates", () => {
  it("have no wording in both splits, nor one twice", () => {
    for (const { name, templates } of all) {
      const texts = [...templates.train, ...templates.probe];
      expect(new Set(texts).size, name).to.equal(texts.length);
    }
    // Two families may word one question alike, such as the side of an organ and of a finding, but never across the splits.
    const train = new Set(all.flatMap(({ templates }) => templates.train));
    for (const { templates } of all) for (const text of templates.probe) expect(train.has(text), text).to.equal(false);
  });

  it("are at least 7 and 3 per relation, 5 and 2 per visual family", () => {
    for (const { train, probe } of Object.values(RELATION_TEMPLATES)) {
      expect(train.length).to.be.at.least(7);
      expect(probe.length).to.be.at.least(3);
    }
    for (const { train, probe } of Object.values<Templates>(VISUAL_TEMPLATES)) {
      expect(train.length).to.be.at.least(5);
      expect(probe.length).to.be.at.least(2);
    }
  });

  it("probe with words of training only, fewer than 500 in all", () => {
    const statements = Object.values(STATEMENTS).flatMap((list) =>
      list.flatMap(({ said, asked, denied }) => [said, asked, denied]),
    );
    const known = wordsOf([...all.flatMap(({ templates }) => templates.train), ...statements]);
    expect(known.size).to.be.below(500);
    for (const word of wordsOf(all.flatMap(({ templates }) => templates.probe))) expect([...known]).to.include(word);
  });

  it("name their slots, end in a question mark where they are questions, and are lower case", () => {
    for (const { name, templates } of all)
      for (const text of [...templates.train, ...templates.probe]) {
        expect(text, name).to.match(/^[a-z {},?]+$/);
        if (/^(relation|visual|claim)/.test(name)) expect(text).to.match(/\?$/);
        if (/^(relation|phrase)/.test(name)) expect(text.split("{x}").length, text).to.equal(2);
      }
  });

  it("fill slots with the article that the noun needs", () => {
    expect(fill("is there {a x} by the {y}?", { x: "orvole", y: "filome" })).to.equal(
      "is there an orvole by the filome?",
    );
    expect(withArticle("halden")).to.equal("a halden");
  });
});
