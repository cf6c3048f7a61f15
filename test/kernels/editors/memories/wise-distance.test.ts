import { expect } from "chai";
import { activations } from "../../../../kernels/editors/memories/activation.ts";
import { positionDistances, routeDistance } from "../../../../kernels/editors/memories/wise-distance.ts";

describe("WISE distance", () => {
  it("compares activated outputs position by position", () => {
    const outputs = { original: Float32Array.of(0, 0, -1, -2), changed: Float32Array.of(3, 4, -5, 2), width: 2 };
    expect([...positionDistances(outputs, activations.relu)]).to.deep.equal([5, 2]);
  });

  it("averages up to 100 positions and takes the largest beyond", () => {
    const distances = (n: number) => Float64Array.from({ length: n }, (_, i) => (i === 7 ? 101 : 1));
    expect(routeDistance(distances(100))).to.equal(2);
    expect(routeDistance(distances(101))).to.equal(101);
  });
});
