import { expect } from "chai";
import fc from "fast-check";
import { recordSeed } from "../../datasets/record-seed.ts";

describe("recordSeed", () => {
  it("gives a whole 32-bit number for every seed and record", () =>
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, record) => {
        expect(recordSeed(seed, record) | 0).to.equal(recordSeed(seed, record));
      }),
    ));

  it("gives 4,000 neighbouring records 4,000 different seeds, spread evenly over ten buckets", () => {
    const seeds = Array.from({ length: 4000 }, (_, i) => recordSeed(0, i + 1) >>> 0);
    expect(new Set(seeds).size).to.equal(4000);
    const buckets = new Array(10).fill(0);
    for (const seed of seeds) buckets[seed % 10]++;
    for (const count of buckets) expect(count).to.be.within(320, 480);
  });
});
