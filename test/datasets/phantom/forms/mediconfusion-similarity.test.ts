import { expect } from "chai";
import { placeSimilarity } from "../../../../datasets/phantom/forms/mediconfusion-similarity.ts";

const features = (...rows: number[][]) => rows.map((row) => Float32Array.from(row));

describe("placeSimilarity", () => {
  it("is 1 for equal features, whatever their lengths", () => {
    const one = features([1, 2], [0, 3]);
    expect(placeSimilarity(one, one)).to.be.closeTo(1, 1e-7);
    expect(placeSimilarity(one, features([2, 4], [0, 1]))).to.be.closeTo(1, 1e-7);
  });

  it("is the cosine of the place where it is lowest", () => {
    expect(placeSimilarity(features([1, 0], [3, 4], [1, 1]), features([1, 0], [4, 3], [1, 1]))).to.be.closeTo(
      24 / 25,
      1e-7,
    );
    expect(placeSimilarity(features([1, 0], [1, 0]), features([1, 0], [-1, 0]))).to.equal(-1);
  });
});
