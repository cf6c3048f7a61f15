import { expect } from "chai";
import { random } from "../../kernels/random.ts";

const draws = <T>(draw: () => T, count = 4000) => Array.from({ length: count }, draw);

describe("seeded random numbers", () => {
  it("repeat for the same seed, and differ for its neighbour", () => {
    const first = (seed: number) => {
      const stream = random(seed);
      return [stream.below(1000), stream.between(-1, 1), stream.chance(0.5), ...stream.shuffle([1, 2, 3, 4, 5])];
    };
    expect(first(7)).to.deep.equal(first(7));
    expect(first(7)).not.to.deep.equal(first(8));
  });

  it("between stays in its interval and fills it evenly", () => {
    const stream = random(1);
    const values = draws(() => stream.between(-2, 6));
    expect(Math.min(...values)).to.be.within(-2, -1.9);
    expect(Math.max(...values)).to.be.within(5.9, 6);
    // Standard error of the mean: 8 / √12 / √4000 = 0.037.
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).to.be.closeTo(2, 0.15);
  });

  it("chance is true in its share of draws, never for 0 and always for 1", () => {
    const stream = random(2);
    const share = (p: number) => draws(() => stream.chance(p)).filter(Boolean).length / 4000;
    expect(share(0)).to.equal(0);
    expect(share(1)).to.equal(1);
    // Standard error: √(0.3 · 0.7 / 4000) = 0.007.
    expect(share(0.3)).to.be.closeTo(0.3, 0.03);
  });

  it("shuffle keeps every element and reaches every order alike", () => {
    const stream = random(3);
    const orders = new Map<string, number>();
    for (const order of draws(() => stream.shuffle(["a", "b", "c"]).join(""), 6000))
      orders.set(order, (orders.get(order) ?? 0) + 1);
    expect([...orders.keys()].sort()).to.deep.equal(["abc", "acb", "bac", "bca", "cab", "cba"]);
    for (const [order, count] of orders) expect(count, order).to.be.within(880, 1120);
  });
});
