import { expect } from "chai";
import { nearestTexts } from "../../../kernels/editors/nearest-texts.ts";

/** Unit vectors in the plane, by their angles in degrees. */
const at = (...angles: number[]) =>
  angles.map((angle) => Float32Array.of(Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)));

describe("nearestTexts", () => {
  it("orders fixed vectors by their angle to the query, nearest first", () => {
    expect(nearestTexts(at(0), at(90, 10, 180, 30, -20), 5)).to.deep.equal([1, 4, 3, 0, 2]);
    expect(nearestTexts(at(0), at(90, 10, 180, 30, -20), 2)).to.deep.equal([1, 4]);
  });

  it("measures to the nearest of several queries", () => {
    expect(nearestTexts(at(0, 100), at(50, 95, 20), 3)).to.deep.equal([1, 2, 0]);
  });

  it("keeps the order of candidates that are equally near", () => {
    expect(nearestTexts(at(0), at(40, 0, 40, 0), 4)).to.deep.equal([1, 3, 0, 2]);
  });

  it("gives what there is where more is asked for", () => {
    expect(nearestTexts(at(0), at(5), 32)).to.deep.equal([0]);
    expect(nearestTexts(at(0), [], 32)).to.deep.equal([]);
  });
});
