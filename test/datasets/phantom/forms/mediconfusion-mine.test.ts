import { expect } from "chai";
import { type Mined, mineConfusionPairs } from "../../../../datasets/phantom/forms/mediconfusion-mine.ts";
import { detailOf, detailSimilarity } from "../../../../datasets/phantom/forms/mediconfusion-detail.ts";
import { placeSimilarity } from "../../../../datasets/phantom/forms/mediconfusion-similarity.ts";
import { render } from "../../../../datasets/phantom/render/index.ts";
import { neighbours } from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import { DEVICES, FINDINGS, MODALITIES, ORGANS } from "../../../../datasets/phantom/world/vocabulary.ts";
import { CancelledError } from "../../../../kernels/errors.ts";
import { readAnswer } from "../questions/read-answer.ts";
import { gridEncoder } from "./grid-encoder.ts";

const COUNT = 12;

describe("mineConfusionPairs", () => {
  let mined: Mined;
  before(async () => (mined = await mineConfusionPairs({ seed: 7, count: COUNT, encode: gridEncoder })));

  it("finds as many as wanted, of each modality equally many", () => {
    expect(mined.pairs).to.have.lengthOf(COUNT);
    for (const modality of MODALITIES) {
      const ofIt = mined.pairs.filter((pair) => pair.modality === modality);
      expect(ofIt).to.have.lengthOf(COUNT / 6);
      for (const { scenes } of ofIt) expect(scenes.map((scene) => scene.modality)).to.deep.equal([modality, modality]);
    }
  });

  it("keeps pairs that are alike in the one view and different in the other, by the cut-offs it reports", async () => {
    for (const { scenes, modality, change, encoder, detail } of mined.pairs) {
      const cut = mined.thresholds[`${modality} ${change.attribute}`];
      expect(encoder).to.be.at.least(cut.encoder);
      expect(detail).to.be.at.most(cut.detail);
      const [one, two] = scenes.map((scene) => render(scene).image);
      expect(detailSimilarity(detailOf(one), detailOf(two))).to.equal(detail);
      expect(placeSimilarity(await gridEncoder(one), await gridEncoder(two))).to.equal(encoder);
    }
    const groups = Object.values(mined.thresholds);
    for (const { candidates, eligible } of groups) expect(eligible).to.be.at.most(Math.ceil(candidates / 20));
    expect(groups.reduce((sum, { kept }) => sum + kept, 0)).to.equal(COUNT);
  });

  it("asks what places and outlines answer differently in the two images, as it says", () => {
    let read = 0;
    for (const { scenes, family, question } of mined.pairs) {
      expect(question.answers[0]).to.not.equal(question.answers[1]);
      const about = wordsOf(question.question);
      scenes.forEach((scene, i) => {
        if (family === "device-kind")
          expect(scene.devices.map(({ kind }) => kind).join() || "none").to.equal(question.answers[i]);
        if (family === "next-to") expect(neighbours(scene).flat()).to.include(question.answers[i]);
        const shown = readAnswer(scene, family, about);
        if (shown === undefined || family === "device-kind") return;
        expect(shown, question.question).to.equal(question.answers[i]);
        read++;
      });
    }
    expect(read).to.be.above(COUNT);
  });

  it("changes one attribute of one finding, and nothing else", () => {
    for (const { scenes, change } of mined.pairs) {
      const [one, two] = scenes;
      const others = ({ findings, organs, devices }: typeof one) => ({
        organs,
        devices: devices.map(({ crosses: _, covers: __, ...device }) => device),
        findings: findings.filter(({ kind }) => ![change.entity, "to" in change ? change.to : ""].includes(kind)),
      });
      expect(others(two)).to.deep.equal(others(one));
      expect(two.view).to.deep.equal(one.view);
    }
  });

  it("puts no scene in more than one pair", () => {
    const seeds = mined.pairs.flatMap(({ scenes }) => scenes.map(({ seed }) => seed));
    expect(new Set(seeds).size).to.equal(2 * COUNT);
  });

  it("drafts with one answer that neither image shows, where there is a third", () => {
    for (const { scenes, question, family } of mined.pairs) {
      const { answers } = question.draft;
      const kept = answers.filter((answer, i) => answer === question.answers[i]);
      expect(answers[0]).to.not.equal(answers[1]);
      if (["finding-side", "finding-level", "finding-size", "finding-severity", "finding-present"].includes(family))
        expect(answers).to.deep.equal(question.answers);
      if (["finding-count", "device-kind", "finding-on-side", "finding-in-organ"].includes(family)) {
        expect(kept).to.have.lengthOf(1);
        const distractor = answers.find((answer, i) => answer !== question.answers[i])!;
        for (const scene of scenes)
          expect([...scene.findings, ...scene.devices].map(({ kind }) => kind as string)).to.not.include(distractor);
      }
    }
  });

  it("stops when it is cancelled", async () => {
    const stop = new AbortController();
    const options = { seed: 7, count: 6, encode: gridEncoder, signal: stop.signal, onProgress: () => stop.abort() };
    expect(await mineConfusionPairs(options).catch((error) => error)).to.be.instanceOf(CancelledError);
  });
});

const NAMES = new Set<string>([...FINDINGS, ...DEVICES, ...ORGANS, "left", "right"]);

/** The entities and sides that a question names, in its order. */
const wordsOf = (question: string) =>
  question
    .replace(/[?,]/g, "")
    .split(" ")
    .filter((word) => NAMES.has(word));
