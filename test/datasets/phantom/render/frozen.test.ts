import { expect } from "chai";
import { render } from "../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { MODALITIES } from "../../../../datasets/phantom/world/vocabulary.ts";
import type { Modality } from "../../../../datasets/phantom/world/vocabulary.ts";

// The committed model was trained on these pictures: whoever changes them has to train it anew and then to replace these means.
const MEANS: Record<Modality, number[]> = {
  radiograph: [69.3, 104.0, 98.2, 61.8, 97.7, 87.8, 119.1, 86.2, 84.2, 90.3, 99.1, 92.8, 102.8, 123.9, 139.5, 92.1],
  ct: [16.2, 57.6, 59.8, 18.5, 81.3, 130.6, 86.3, 76.8, 77.1, 91.1, 71.7, 74.1, 21.9, 71.5, 86.5, 21.7],
  mr: [24.2, 80.2, 89.4, 24.1, 70.2, 82.3, 88.3, 61.8, 64.5, 80.7, 76.5, 62.8, 24.4, 73.4, 71.2, 22.5],
  ultrasound: [4.5, 84.3, 85.2, 6.7, 44.7, 137.5, 137.5, 37.3, 93.9, 123.2, 138.0, 95.4, 43.6, 80.3, 80.8, 54.7],
  fundus: [14.9, 49.2, 51.8, 15.5, 56.6, 49.8, 75.0, 51.4, 62.8, 91.0, 97.4, 90.2, 15.0, 69.3, 59.9, 27.2],
  histology: [
    186.5, 155.0, 168.7, 183.8, 156.3, 166.8, 147.4, 170.7, 186.1, 177.9, 175.9, 177.9, 191.2, 181.1, 179.4, 193.1,
  ],
};

/** Mean green level of each of 4 by 4 blocks. */
function blockMeans(modality: Modality): number[] {
  const { data } = render(sampleScene(2024, { modality })).image;
  const sums = new Array<number>(16).fill(0);
  for (let i = 0; i < 128 * 128; i++) sums[4 * (i >> 12) + ((i & 127) >> 5)] += data[3 * i + 1];
  return sums.map((sum) => sum / 1024);
}

describe("the phantom's pictures", () => {
  for (const modality of MODALITIES)
    it(`are those that the model knows: ${modality}`, () => {
      // Half a level: room for another platform's sines, none for another picture.
      blockMeans(modality).forEach((mean, i) => expect(mean, `block ${i}`).to.be.closeTo(MEANS[modality][i], 0.5));
    });
});
