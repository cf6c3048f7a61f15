import { expect } from "chai";
import { wiseRoute, wiseRouteMerged } from "../../../../kernels/editors/memories/wise-route.ts";

const memory = (distance: number, minActivation: number) => ({ distance, minActivation });

describe("wiseRoute", () => {
  it("fires from its share of the smallest activation on", () => {
    expect(wiseRoute(memory(4, 10), [], 0.4)).to.deep.equal({ to: "current", fires: true, distance: 4, threshold: 4 });
    const below = wiseRoute(memory(3.9, 10), [], 0.4);
    expect(below).to.deep.equal({ to: "original", fires: false, distance: 3.9, threshold: 4 });
  });

  it("gives the query to the memory with the largest distance of those that fire", () => {
    const shards = [memory(6, 10), memory(7, 10), memory(9, 30)];
    expect(wiseRoute(memory(5, 10), shards, 0.4).to).to.deep.equal({ shard: 1 });
    expect(wiseRoute(memory(8, 10), shards, 0.4).to).to.equal("current");
  });

  it("a copy that no edit has touched never fires", () =>
    expect(wiseRoute(memory(0, Infinity), [], 0.4)).to.deep.include({ to: "original", fires: false }));

  it("official: a current copy below its own threshold still silences shards with smaller distances", () => {
    const given = [memory(5, 100), [memory(4.5, 10)], 0.4] as const;
    expect(wiseRoute(...given, "official").to).to.equal("original");
    expect(wiseRoute(...given).to).to.deep.equal({ shard: 0 });
  });

  it("official: a shard must exceed its threshold", () => {
    const given = [memory(0, Infinity), [memory(4, 10)], 0.4] as const;
    expect(wiseRoute(...given, "official").fires).to.equal(false);
    expect(wiseRoute(...given).fires).to.equal(true);
  });

  it("says how far the nearest miss was", () =>
    expect(wiseRoute(memory(1, 10), [memory(3.5, 10)], 0.4)).to.deep.include({ distance: 3.5, threshold: 4 }));
});

describe("wiseRouteMerged", () => {
  it("asks the larger distance where one of the two reaches the threshold", () => {
    expect(wiseRouteMerged({ current: 3, merged: 5 }, 10, 0.4).to).to.equal("merged");
    expect(wiseRouteMerged({ current: 5, merged: 5 }, 10, 0.4).to).to.equal("current");
    expect(wiseRouteMerged({ current: 3, merged: 3.9 }, 10, 0.4)).to.deep.include({ to: "original", distance: 3.9 });
  });
});
