import { expect } from "chai";
import {
  euclidean,
  KeyWidthError,
  nearestBall,
  nearestKey,
} from "../../../../kernels/editors/memories/nearest-ball.ts";

describe("nearestBall", () => {
  const keys = [
    [0, 0],
    [3, 4],
    [0, 0],
  ];

  it("measures Euclidean distances", () => expect(euclidean([0, 0], [3, 4])).to.equal(5));

  it("gives the nearest key, and whether its ball holds the query", () => {
    expect(nearestBall(keys, [9, 1, 9], [3, 3])).to.deep.equal({ entry: 1, distance: 1, radius: 1, fires: true });
    expect(nearestBall(keys, [9, 0.9, 9], [3, 3])!.fires).to.equal(false);
    expect(nearestBall([], [], [3, 3])).to.equal(undefined);
  });

  it("of equally near keys takes the last, official the first", () => {
    expect(nearestKey(keys, [1, 0])!.entry).to.equal(2);
    expect(nearestKey(keys, [1, 0], "official")!.entry).to.equal(0);
  });

  it("says which widths do not fit", () =>
    expect(() => nearestKey(keys, [1])).to.throw(
      KeyWidthError,
      /query of 1 .* key of 2\. Use the memory with the model/,
    ));
});
