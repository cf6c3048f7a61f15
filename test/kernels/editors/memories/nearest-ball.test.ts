import { expect } from "chai";
import { nearestBall, nearestKey } from "../../../../kernels/editors/memories/nearest-ball.ts";

describe("nearestBall", () => {
  const keys = [
    [0, 0],
    [3, 4],
    [0, 0],
  ];

  it("gives the nearest key, and whether its ball holds the query", () => {
    expect(nearestBall(keys, [9, 1, 9], [3, 3])).to.deep.equal({ entry: 1, distance: 1, radius: 1, fires: true });
    expect(nearestBall(keys, [9, 0.9, 9], [3, 3])!.fires).to.equal(false);
    expect(nearestBall([], [], [3, 3])).to.equal(undefined);
  });

  it("of equally near keys takes the last, official the first", () => {
    expect(nearestKey(keys, [1, 0])!.entry).to.equal(2);
    expect(nearestKey(keys, [1, 0], "official")!.entry).to.equal(0);
  });
});
