import { expect } from "chai";
import { medversaCases } from "../../../../datasets/phantom/forms/medversa-cases.ts";
import { medversaEdits } from "../../../../datasets/phantom/forms/medversa-edits.ts";
import { dividedFacts } from "../../../../datasets/phantom/forms/medversa-facts.ts";
import { consequences } from "../../../../datasets/phantom/forms/medversa-portability.ts";
import { FACTS, SPLITS } from "../../../../datasets/phantom/knowledge/index.ts";
import { random } from "../../../../kernels/random.ts";

/** Text edits are made without asking the model. */
const answer = () => Promise.reject(new Error("asked"));

describe("medversaCases", () => {
  it("makes cases in file order with every kind of probe", async () => {
    const { cases, skipped } = await medversaCases({ answer, limit: 200 });
    expect(skipped).to.deep.equal([]);
    const edits = medversaEdits("test", 0);
    cases.forEach(({ question, target, answer }, i) => {
      expect([question, target, answer]).to.deep.equal([edits[i].prompt.question, edits[i].target, edits[i].fact.tail]);
    });
    const names = new Set(cases.flatMap(({ probes }) => probes.map(({ kind, name = "" }) => `${kind} ${name}`.trim())));
    expect([...names]).to.have.members([
      "reliability",
      "text-generality",
      "text-locality unrelated",
      "text-locality same-head",
      "text-locality same-relation",
      "portability claim",
      "portability negated-claim",
      "portability onward",
      "portability from-before",
    ]);
    const hops = cases.flatMap(({ probes }) => probes.flatMap(({ hop }) => hop ?? []));
    expect(new Set(hops)).to.deep.equal(new Set([1, 2, 3]));
    expect(new Set(cases.map(({ id }) => id)).size).to.equal(200);
  });

  it("is deterministic, and a case does not depend on how many are wanted", async () => {
    const few = await medversaCases({ answer, limit: 5, seed: 2, split: "validation" });
    const more = await medversaCases({ answer, limit: 50, seed: 2, split: "validation" });
    expect(more.cases.slice(0, 5)).to.deep.equal(few.cases);
    const other = await medversaCases({ answer, limit: 5, seed: 3, split: "validation" });
    expect(other.cases).to.not.deep.equal(few.cases);
  });

  it("asks hard negatives about facts that the split never edits", async () => {
    const { cases } = await medversaCases({ answer, limit: 400, split: "train" });
    const { kept } = dividedFacts("train");
    for (const { probes, meta } of cases)
      for (const { kind, name, expect: wanted, question } of probes) {
        if (kind !== "text-locality" || name === "unrelated") continue;
        const context = "context" in wanted ? wanted.context : "";
        const fits = kept.filter(({ head, relation, tail }) => {
          const near =
            name === "same-head" ? head === meta.subject : relation === meta.relation && head !== meta.subject;
          return near && tail === context && question.includes(head);
        });
        expect(fits, question).to.have.lengthOf(1);
      }
  });

  it("answers portability from the knowledge base with the edited tail exchanged", () => {
    let changed = 0;
    for (const split of SPLITS)
      for (const edit of medversaEdits(split, 0).slice(0, 150)) {
        const edited = FACTS.map((fact) => (fact.id === edit.fact.id ? { ...fact, tail: edit.target } : fact));
        const tail = (facts: typeof edited, head: string, relation: string) =>
          facts.find((fact) => fact.head === head && fact.relation === relation)!.tail;
        for (const { name, hop, path, head, answer, question } of consequences(edit, split, random(edit.index))) {
          expect(path.length).to.equal(hop);
          expect(question).to.contain(head);
          const reached = path.reduce((at, relation) => tail(edited, at, relation), head);
          if (name.endsWith("claim")) {
            expect(reached).to.equal(edit.target);
            const holds = new RegExp(`\\b${edit.target}\\b`).test(question);
            const negated = /\b(false|wrong|not)\b/.test(question);
            expect(answer, question).to.equal(holds !== negated ? "yes" : "no");
            continue;
          }
          expect(answer, question).to.equal(reached);
          expect(answer).to.not.equal(path.reduce((at, relation) => tail([...FACTS], at, relation), head));
          changed++;
        }
      }
    expect(changed).to.be.above(150);
  });
});
