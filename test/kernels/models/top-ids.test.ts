import { expect } from "chai";
import { topIds } from "../../../kernels/models/top-ids.ts";
import { random } from "../../../kernels/random.ts";

describe("topIds", () => {
  it("orders by value, and equal values by id", () => {
    expect(topIds(Float32Array.of(1, 3, 2, 3), 3)).to.deep.equal([1, 3, 2]);
    expect(topIds(Float32Array.of(0, 0, 0, 0), 2)).to.deep.equal([0, 1]);
  });

  it("cuts k to the vocabulary", () => expect(topIds(Float32Array.of(1, 2), 10)).to.deep.equal([1, 0]));

  it("agrees with a stable sort on random rows full of ties", () => {
    const stream = random(3);
    for (let trial = 0; trial < 50; trial++) {
      const row = Float32Array.from({ length: 40 }, () => stream.below(9));
      const sorted = [...row.keys()].sort((a, b) => row[b] - row[a] || a - b);
      expect(topIds(row, 10)).to.deep.equal(sorted.slice(0, 10));
    }
  });
});
