import { expect } from "chai";
import fc from "fast-check";
import { rmSync } from "node:fs";
import type { EditCase, ImageRef } from "../../../datasets/case.ts";
import { ImageUnreadableError } from "../../../datasets/image.ts";
import { normaliseAnswer } from "../../../datasets/normalise-answer.ts";
import { vqaRadCases } from "../../../datasets/vqa-rad/cases.ts";
import { readVqaRad } from "../../../datasets/vqa-rad/read.ts";
import type { VqaRadRecord } from "../../../datasets/vqa-rad/record.ts";
import { CancelledError } from "../../../kernels/errors.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { publishedRecord, scratchSplit } from "./scratch-split.ts";

describe("vqaRadCases", () => {
  const make = async (records: unknown[], options: Partial<Parameters<typeof vqaRadCases>[0]> = {}) => {
    const folder = scratchSplit(records, ["a.jpg", "b.jpg", "c.jpg"]);
    try {
      return await vqaRadCases({ folder, answer: async () => "yes", limit: 1, checkImages: false, ...options });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it("builds one case with every probe, by hand", async () => {
    const { cases } = await make(
      [
        publishedRecord(1, { question: "Is there a mass?", answer: "Yes" }),
        publishedRecord(2, { question: "Do you see a mass?", answer: "Yes", phrase_type: "para" }),
        publishedRecord(5, { question: "Is there a mass?", answer: "no", image_name: "b.jpg", phrase_type: "para" }),
        publishedRecord(8, {
          question: "Which plane?",
          answer: "Axial",
          image_name: "c.jpg",
          question_type: "PLANE",
          answer_type: "OPEN",
        }),
      ],
      { limit: 10 },
    );
    expect(cases).to.have.length(1);
    const [only] = cases;
    expect({
      ...only,
      image: only.image?.id,
      probes: only.probes.map((probe) => ({ ...probe, image: probe.image?.id })),
    }).to.deep.equal({
      id: "vqa-rad-1",
      benchmark: "vqa-rad",
      split: "train",
      task: "edit-vision",
      image: "a.jpg",
      question: "Is there a mass?",
      answer: "Yes",
      target: "no",
      probes: [
        { kind: "reliability", image: "a.jpg", question: "Is there a mass?", expect: { answer: "no" } },
        { kind: "text-generality", image: "a.jpg", question: "Do you see a mass?", expect: { answer: "no" } },
        {
          kind: "image-locality",
          name: "same-question",
          image: "b.jpg",
          question: "Is there a mass?",
          expect: { unchanged: true, context: "no" },
        },
        {
          kind: "image-locality",
          name: "other-question",
          image: "c.jpg",
          question: "Which plane?",
          expect: { unchanged: true, context: "Axial" },
        },
      ],
      meta: { organ: "HEAD", modality: "MRI", question_type: "PRES", answer_type: "CLOSED", qid: "1" },
    });
  });

  it("takes the case's own answer as context where the neighbour image was never asked that question", async () => {
    const { cases } = await make([
      publishedRecord(1, { question: "Is there a mass?", answer: "yes" }),
      publishedRecord(5, { question: "Is there a shift?", answer: "no", image_name: "b.jpg", phrase_type: "para" }),
    ]);
    expect(cases[0].probes[1].expect).to.deep.equal({ unchanged: true, context: "yes" });
  });

  it("counts wrong answers and questions without another answer of their type", async () => {
    const { cases, skipped } = await make(
      [
        publishedRecord(1, { question_type: "PLANE", answer: "axial", answer_type: "OPEN" }),
        publishedRecord(3, { answer: "no" }),
        publishedRecord(5, { answer: "yes", image_name: "b.jpg" }),
        publishedRecord(7, { question_type: "PLANE", answer: "yes" }),
      ],
      { limit: 9 },
    );
    expect(cases.map(({ id, target }) => [id, target])).to.deep.equal([["vqa-rad-5", "no"]]);
    expect(new Map(skipped.map(({ reason, count }) => [reason, count]))).to.deep.equal(
      new Map([
        ["no other answer of this question type", 2],
        ["the model answers it wrongly", 1],
      ]),
    );
  });

  it("names a damaged image before it asks the model anything", async () => {
    let asked = 0;
    let error: unknown;
    const answer = async () => (asked++, "yes");
    await make([publishedRecord(1)], { checkImages: true, answer }).catch((e) => (error = e));
    expect(error).to.be.instanceOf(ImageUnreadableError);
    expect((error as Error).message).to.contain('image "a.jpg"');
    expect(asked).to.equal(0);
  });

  it("writes the target in lower case for a model that does so", async () => {
    const records = [
      publishedRecord(1, { answer: "Yes" }),
      publishedRecord(3, { answer: "No", image_name: "b.jpg", phrase_type: "para" }),
    ];
    for (const [said, target] of [
      ["yes", "no"],
      ["Yes", "No"],
    ]) {
      const { cases } = await make(records, { answer: async () => said });
      expect(cases[0].target).to.equal(target);
      expect(cases[0].probes[0].expect).to.deep.equal({ answer: target });
    }
  });

  it("makes nothing, and says why, from an empty file", async () =>
    expect(await make([], { limit: 3 })).to.deep.equal({ cases: [], skipped: [] }));

  it("stops between two questions when it is cancelled", async () => {
    const controller = new AbortController();
    let asked = 0;
    const answer = async () => (++asked === 2 && controller.abort(), "wrong");
    const records = Array.from({ length: 9 }, (_, i) => publishedRecord(i * 2, { answer: i % 2 ? "yes" : "no" }));
    let error: unknown;
    await make(records, { answer, signal: controller.signal, limit: 9 }).catch((e) => (error = e));
    expect(error).to.be.instanceOf(CancelledError);
    expect(asked).to.equal(2);
  });
});

describeWithShared("vqaRadCases on the published training file", ["data/vqa-rad"], () => {
  let records: VqaRadRecord[];
  let gold: Map<string, string>;
  const folder = shared("data/vqa-rad");
  before(async () => {
    records = (await readVqaRad(folder)).records;
    gold = new Map(records.map((record) => [`${record.image.id}\n${record.question}`, record.answer]));
  });
  // A model that is wrong on a fixed share of the questions, chosen by a hash of the question.
  const rightOn =
    (percent: number, asked: string[] = []) =>
    async (image: ImageRef, question: string) => {
      const key = `${image.id}\n${question}`;
      asked.push(key);
      let hash = 0;
      for (const char of key) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
      return hash % 100 < percent ? (gold.get(key) ?? "").toUpperCase() : "no idea";
    };

  it("makes ten cases from a model that is right on 84% by asking at most 20 questions, none twice", async () => {
    for (const seed of [0, 1, 2, 3]) {
      const asked: string[] = [];
      const { cases } = await vqaRadCases({ folder, checkImages: false, answer: rightOn(84, asked), limit: 10, seed });
      expect(cases).to.have.length(10);
      expect(asked.length).to.be.within(10, 20);
      expect(new Set(asked).size).to.equal(asked.length);
    }
  });

  it("finds all published images sound before it starts", async () => {
    const { cases } = await vqaRadCases({ folder, answer: rightOn(100), limit: 1 });
    expect(cases).to.have.length(1);
  });

  it("gives the same cases for the same seed, and other targets for another seed", async () => {
    const run = async (seed: number) =>
      (await vqaRadCases({ folder, checkImages: false, answer: rightOn(100), limit: 2000, seed })).cases;
    const [first, again, other] = [await run(0), await run(0), await run(1)];
    expect(again).to.deep.equal(first);
    const targets = new Map(other.map(({ id, target }) => [id, target]));
    const changed = first.filter(({ id, target }) => targets.get(id) !== target).length;
    expect(changed / first.length).to.be.within(0.2, 0.8); // yes/no questions have one opposite only
    expect(first.slice(0, 10).map(({ id }) => id)).not.to.deep.equal(other.slice(0, 10).map(({ id }) => id));
  });

  it("keeps a record's target and probes whatever the model said about other records", async () => {
    const all = new Map(
      (await vqaRadCases({ folder, checkImages: false, answer: rightOn(100), limit: 2000 })).cases.map((c) => [
        c.id,
        c,
      ]),
    );
    const some = (await vqaRadCases({ folder, checkImages: false, answer: rightOn(50), limit: 100 })).cases;
    for (const one of some) expect(one).to.deep.equal(all.get(one.id));
  });

  describe("every case", () => {
    let cases: EditCase[];
    before(
      async () =>
        void ({ cases } = await vqaRadCases({
          folder,
          checkImages: false,
          answer: rightOn(100),
          limit: 2000,
          seed: 7,
        })),
    );

    it("exists for nearly all of the 1,206 freeform questions", () => expect(cases.length).to.be.within(1100, 1206));

    it("has a target that differs from its answer and was given to a question of the same type and answer type", () => {
      const given = new Map<string, Set<string>>();
      for (const r of records)
        for (const type of r.questionTypes) {
          const key = `${type} ${r.closed ? "CLOSED" : "OPEN"}`;
          given.set(key, (given.get(key) ?? new Set()).add(normaliseAnswer(r.answer)));
        }
      for (const { answer, target, meta } of cases) {
        expect(normaliseAnswer(target)).not.to.equal(normaliseAnswer(answer ?? ""));
        expect(
          meta.question_type
            .split(", ")
            .some((type) => given.get(`${type} ${meta.answer_type}`)?.has(normaliseAnswer(target))),
        ).to.equal(true);
      }
    });

    it("turns yes into no and no into yes", () => {
      const closed = cases.filter(({ answer }) => /^(yes|no)$/i.test(answer ?? ""));
      expect(closed.length).to.be.greaterThan(500);
      for (const { answer, target } of closed)
        expect(`${answer} ${target}`.toLowerCase()).to.be.oneOf(["yes no", "no yes"]);
    });

    it("never asks a locality question about the edited image, nor one image for both", () => {
      for (const { image, probes } of cases) {
        const images = probes.filter(({ kind }) => kind === "image-locality").map((probe) => probe.image?.id);
        expect(images).to.have.length(2);
        expect(new Set([...images, image?.id]).size).to.equal(3);
      }
    });

    it("asks the same question about an image of the same organ and modality, with a reference answer as context", () => {
      const kind = new Map(records.map(({ image, organ, modality }) => [image.id, `${organ} ${modality}`]));
      for (const { question, meta, probes } of cases) {
        const [same, other] = probes.filter(({ kind }) => kind === "image-locality");
        expect(same.question).to.equal(question);
        expect(kind.get(same.image?.id ?? "")).to.equal(`${meta.organ} ${meta.modality}`);
        expect(normaliseAnswer(other.question)).not.to.equal(normaliseAnswer(question));
        expect("context" in other.expect && other.expect.context).to.equal(
          gold.get(`${other.image?.id}\n${other.question}`),
        );
      }
    });

    it("tests text generality with another wording of the same question and image in more than half of the cases", () => {
      const worded = cases.flatMap((c) =>
        c.probes.filter(({ kind }) => kind === "text-generality").map((probe) => ({ c, probe })),
      );
      expect(worded.length / cases.length).to.be.within(0.5, 0.6);
      for (const { c, probe } of worded) {
        expect(probe.image).to.deep.equal(c.image);
        expect(normaliseAnswer(probe.question)).not.to.equal(normaliseAnswer(c.question));
        expect(gold.get(`${c.image?.id}\n${probe.question}`)?.toLowerCase()).to.equal(c.answer?.toLowerCase());
      }
    });

    it("has an id of its own", () => expect(new Set(cases.map(({ id }) => id)).size).to.equal(cases.length));
  });

  it("never depends on anything but the seed", () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: -1000, max: 1000 }), async (seed) => {
        const [a, b] = [0, 1].map(() =>
          vqaRadCases({ folder, checkImages: false, answer: rightOn(84), limit: 3, seed }),
        );
        expect(await a).to.deep.equal(await b);
      }),
      { numRuns: 5 },
    ));
});
