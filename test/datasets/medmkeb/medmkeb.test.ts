import { expect } from "chai";
import { medmkeb } from "../../../datasets/medmkeb/benchmark.ts";
import { attackName, ATTACK_TYPES } from "../../../datasets/medmkeb/attack-types.ts";
import { all, inScratch } from "../scratch-files.ts";
import { visualRecord } from "../visual-edit/visual-record.ts";

const asked = (Question: string, Answer = "the corda") => ({ "Q&A": { Question, Answer } });
const META = { clinical_VQA_task: "Organ Recognition", modality: "T2_MRI" };
const EVAL = [
  visualRecord(1, {
    ...META,
    id: 7,
    port_new: [
      { port_type: "1-hop", ...asked("one?"), triple2: { entity1: "a", relation: "b", entity2: "c" } },
      { port_type: "2 hop", QA: { question: "two?", answer: "x" } },
      { port_type: "1-hop", ...asked("again one?") },
      { port_type: "near", ...asked("?") },
    ],
  }),
  visualRecord(2, { ...META, id: "8", alt: "Velum 2." }),
  visualRecord(3, { ...META, port_new: null }),
];
const ATTACK = [
  {
    ...EVAL[0],
    id: "a1",
    port_new: [{ attack_type: "伪权威干扰", ...asked("a board says so. Which organ is shown?") }],
  },
  { ...EVAL[2], id: "a2", port_new: [{ attack_type: "new kind", ...asked("hm?") }] },
  { ...EVAL[2], id: "a3", alt: "another", port_new: [{ attack_type: "模糊限定词", ...asked("roughly?") }] },
];
const FILES = { "data/eval_data_threehop_final.json": EVAL, "data/eval_data_attack.json": ATTACK };

describe("medmkeb", () => {
  it("joins the attacks on image, question, old answer and target, and counts those without an edit", () =>
    inScratch(FILES, async (folder) => {
      const reading = medmkeb.read({ folder });
      const cases = await all(reading);
      expect(cases.map(({ id }) => id)).to.deep.equal(["medmkeb-eval-7", "medmkeb-eval-8", "medmkeb-eval-2"]);
      const more = cases.map(({ probes }) =>
        probes.slice(5).map(({ kind, name, hop, question }) => [kind, name, hop, question]),
      );
      expect(more).to.deep.equal([
        [
          ["portability", "1-hop", 1, "one?"],
          ["portability", "2-hop", 2, "two?"],
          ["portability", "1-hop", 1, "again one?"],
          ["robustness", "pseudo-authority", undefined, "a board says so. Which organ is shown?"],
        ],
        [],
        [["robustness", "new kind", undefined, "hm?"]],
      ]);
      expect(cases[0].meta).to.include(META);
      expect(JSON.parse(cases[0].meta["port_new[0].triple2"])).to.deep.equal({
        entity1: "a",
        relation: "b",
        entity2: "c",
      });
      expect(reading.sources).to.deep.equal(Object.keys(FILES));
      const notes = reading.notes.map(({ reason }) => reason);
      expect(notes).to.include.members([
        "portability item without a number of hops, left out",
        "the target is the old answer",
        "attack of a type that is none of the published five",
        "attacks on an edit that the eval file does not have, left out",
      ]);
    }));

  it("keeps the first question of a hop and counts records without one", () =>
    inScratch(FILES, async (folder) => {
      const reading = medmkeb.read({ folder, hop: 1 });
      const [made, ...rest] = await all(reading);
      expect(rest).to.deep.equal([]);
      expect(made.probes.filter(({ kind }) => kind === "portability").map(({ question }) => question)).to.deep.equal([
        "one?",
      ]);
      expect(reading.skipped).to.deep.equal([{ reason: "no portability probe of 1 hop", count: 2 }]);
    }));

  it("reads the attack file's own records, the flat layout, and says when there is no attack file", () =>
    inScratch({ "eval.json": EVAL, "eval_data_attack.json": ATTACK }, async (folder) => {
      const cases = await all(medmkeb.read({ folder, split: "attack" }));
      expect(cases.map(({ probes }) => probes.at(-1)!.name)).to.deep.equal([
        "pseudo-authority",
        "new kind",
        "vague-qualifiers",
      ]);
    }).then(() =>
      inScratch({ "datasets/MedMKEB/eval.json": EVAL }, async (folder) => {
        const reading = medmkeb.read({ folder });
        expect(await all(reading)).to.have.lengthOf(3);
        expect(reading.notes).to.deep.include({ reason: "no attack file: robustness is left out", count: 1 });
      }),
    ));

  it("asks for the modality as an attribute that the edit leaves, of both images of the class", () =>
    inScratch(FILES, async (folder) => {
      const [made] = await all(medmkeb.read({ folder, hardNegatives: true }));
      expect(
        made.probes.slice(-3).map(({ name, image, question, expect }) => [name, image!.id, question, expect]),
      ).to.deep.equal([
        ["same-image", "images/1.png", "Which imaging modality is this image?", { unchanged: true, context: "T2 MRI" }],
        [
          "other-attribute",
          "images/1b.png",
          "Which imaging modality is this image?",
          { unchanged: true, context: "T2 MRI" },
        ],
        ["negated", "images/1.png", "Which organ is not shown?", { unchanged: true, context: "velum 1" }],
      ]);
      const same = made.probes.at(-4)!;
      expect(same.name).to.equal("same-question");
      expect(["images/2.png", "images/3.png"]).to.include(same.image!.id);
    }));

  it("names the five attacks in English and knows both names", () => {
    for (const [name, type] of Object.entries(ATTACK_TYPES))
      expect([attackName(type), attackName(name)]).to.deep.equal([name, name]);
    expect(attackName("症状")).to.equal(undefined);
  });

  it("validates: oddities with file, line and field, the published numbers as expected", () =>
    inScratch(FILES, async (folder) => {
      const report = await medmkeb.validate(folder);
      const check = (id: string) => report.checks.find((check) => check.id === id)!;
      expect(check("records/eval")).to.include({ expected: 2497, found: 3 });
      expect(check("records/attack")).to.include({ expected: 721, found: 3 });
      expect(check("portability-questions")).to.include({ expected: 2688, found: 3 });
      expect(check("robustness-questions")).to.include({ expected: 721, found: 3 });
      expect(check("attack-references")).to.include({ expected: 2163, found: 9 });
      expect([1, 2, 3, 4].map((hop) => check(`hop-${hop}/eval`).found)).to.deep.equal([1, 1, 0, 0]);
      expect(check("no-hop/eval").found).to.equal(2);
      expect(check("attack-other").found).to.equal(1);
      const [left] = check("attack-without-edit").examples;
      expect(left.file).to.equal("data/eval_data_attack.json");
      expect(left.line).to.be.greaterThan(40);
      expect(report.unresolved.map(({ field, count }) => [field, count])).to.deep.equal([["image", 6], ["image_rephrase", 6], ["m_loc", 6]]); // prettier-ignore
      expect(report.verdict).to.equal("usable, another set than the published one");
    }));
});
