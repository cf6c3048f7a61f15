import { expect } from "chai";
import { type Mined, mineConfusionPairs } from "../../../../datasets/phantom/forms/mediconfusion-mine.ts";
import { detailOf, detailSimilarity } from "../../../../datasets/phantom/forms/mediconfusion-detail.ts";
import { render } from "../../../../datasets/phantom/render/index.ts";
import { neighbours } from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import { DEVICES, FINDINGS, MODALITIES, ORGANS } from "../../../../datasets/phantom/world/vocabulary.ts";
import { CancelledError } from "../../../../kernels/errors.ts";
import { readAnswer } from "../questions/read-answer.ts";
import { gridEncoder } from "./grid-encoder.ts";

const COUNT = 36;

describe("mineConfusionPairs", () => {
  let mined: Mined;
  before(async () => (mined = await mineConfusionPairs({ seed: 7, count: COUNT, encode: gridEncoder })));

  it("finds as many as wanted, of each modality equally many", () => {
    expect(mined.pairs).to.have.lengthOf(COUNT);
    for (const modality of MODALITIES) {
      const ofIt = mined.pairs.filter((pair) => pair.modality === modality);
      expect(ofIt).to.have.lengthOf(COUNT / 6);
      for (const { images } of ofIt)
        expect(images.map(({ scene }) => scene.modality)).to.deep.equal([modality, modality]);
    }
  });

  it("keeps pairs that are alike in the one view and different in the other, by the cut-offs it reports", async () => {
    for (const { images, modality, encoder, detail } of mined.pairs) {
      expect(encoder).to.be.at.least(mined.thresholds[modality].encoder);
      expect(detail).to.be.at.most(mined.thresholds[modality].detail);
      const [one, two] = images.map(({ scene }) => render(scene).image);
      expect(detailSimilarity(detailOf(one), detailOf(two))).to.equal(detail);
      const [a, b] = [await gridEncoder(one), await gridEncoder(two)];
      const product = a.reduce((sum, value, i) => sum + value * b[i], 0);
      expect(product / (Math.hypot(...a) * Math.hypot(...b))).to.be.closeTo(encoder, 1e-6);
    }
    for (const { candidates, eligible, kept } of Object.values(mined.thresholds)) {
      expect(eligible).to.be.below(candidates / 2);
      expect(kept).to.equal(COUNT / 6);
    }
  });

  it("asks what places and outlines answer differently in the two images, as it says", () => {
    let read = 0;
    for (const { images, family, question } of mined.pairs) {
      expect(question.answers[0]).to.not.equal(question.answers[1]);
      const about = wordsOf(question.question);
      images.forEach(({ scene }, i) => {
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

  it("changes one attribute in most pairs, and nothing else that can be asked of the entity's neighbours", () => {
    const changed = mined.pairs.filter(({ change }) => change);
    expect(changed.length).to.be.above(COUNT / 2);
    for (const { images, change } of changed) {
      const [one, two] = images.map(({ scene }) => scene);
      const others = ({ findings }: typeof one) =>
        findings
          .filter(({ kind }) => kind !== change!.entity && one.findings.some((finding) => finding.kind === kind))
          .map(({ kind, size, severity, side, level, lesions }) =>
            [kind, size, severity, side, level, lesions.length].join(),
          );
      expect(others(two)).to.deep.equal(others(one));
      expect(two.view).to.deep.equal(one.view);
    }
  });

  it("puts no image in more than two pairs, and pairs that share one in one cluster", () => {
    const clusters = new Map<object, Set<number>>();
    const uses = new Map<object, number>();
    for (const { images, cluster } of mined.pairs)
      for (const image of images) {
        uses.set(image, (uses.get(image) ?? 0) + 1);
        clusters.set(image, (clusters.get(image) ?? new Set()).add(cluster));
      }
    expect(Math.max(...uses.values())).to.be.at.most(2);
    for (const numbers of clusters.values()) expect(numbers.size).to.equal(1);
  });

  it("drafts with one answer that neither image shows, where there is a third", () => {
    for (const { images, question, family } of mined.pairs) {
      const { answers } = question.draft;
      const kept = answers.filter((answer, i) => answer === question.answers[i]);
      expect(answers[0]).to.not.equal(answers[1]);
      if (["finding-side", "finding-level", "finding-size", "finding-severity", "finding-present"].includes(family))
        expect(answers).to.deep.equal(question.answers);
      if (["finding-count", "device-kind", "finding-on-side", "finding-in-organ"].includes(family)) {
        expect(kept).to.have.lengthOf(1);
        const distractor = answers.find((answer, i) => answer !== question.answers[i])!;
        for (const { scene } of images)
          expect([...scene.findings, ...scene.devices].map(({ kind }) => kind as string)).to.not.include(distractor);
      }
    }
  });

  it("stops when it is cancelled", async () => {
    const stop = new AbortController();
    const options = { seed: 7, count: 12, encode: gridEncoder, signal: stop.signal, onProgress: () => stop.abort() };
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
