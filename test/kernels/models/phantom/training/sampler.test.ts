import { expect } from "chai";
import { trainingQuestions } from "../../../../../kernels/models/phantom/training/training-questions.ts";
import { TrainingSampler } from "../../../../../kernels/models/phantom/training/sampler.ts";
import { sampleScene } from "../../../../../datasets/phantom/world/sample-scene.ts";
import { random } from "../../../../../kernels/random.ts";

const DATA = { seed: 5, batch: { vision: 2, language: 2, wordings: 2 }, text: 160 };

describe("training batches of the phantom model", () => {
  it("are a pure function of seed, stage and number", () => {
    const [a, b] = [new TrainingSampler(DATA), new TrainingSampler(DATA)];
    b.feeds("language", 0);
    expect(b.feeds("language", 3)).to.deep.equal(a.feeds("language", 3));
  });

  it("differ between numbers, stages and seeds", () => {
    const pixels = (seed: number, stage: "vision" | "language", step: number) =>
      [...(new TrainingSampler({ ...DATA, seed }).feeds(stage, step).pixel_values.data as Float32Array)].join();
    const all = [pixels(5, "vision", 0), pixels(5, "vision", 1), pixels(5, "language", 0), pixels(6, "vision", 0)];
    expect(new Set(all).size).to.equal(4);
  });

  it("weigh the answers of a batch to 1 in all", () => {
    const { loss_weights, dense_targets, pixel_values } = new TrainingSampler(DATA).feeds("language", 0);
    const weights = loss_weights.data as Float32Array;
    expect(weights.reduce((sum, value) => sum + value, 0)).to.be.closeTo(1, 1e-5);
    expect(dense_targets.dims.slice(0, 2)).to.deep.equal([2, 64]);
    expect(pixel_values.dims).to.deep.equal([2, 3, 128, 128]);
  });

  it("ask about the image first, then of the knowledge base, enough to fill a row", () => {
    const asked = trainingQuestions(sampleScene(3), random(1));
    const first = asked.findIndex(({ seesImage }) => !seesImage);
    expect(first).to.be.within(4, 9);
    expect(asked.slice(first).every(({ seesImage }) => !seesImage)).to.equal(true);
    expect(asked.length - first).to.equal(8);
  });
});
