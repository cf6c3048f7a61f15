import { expect } from "chai";
import { DensityError, keepLargest, keepRandom } from "../../../../kernels/editors/memories/sparsify.ts";

const delta = Float64Array.of(0.5, -2, 0, 1, -1, 3);

describe("thinning a change", () => {
  it("keeps the largest magnitudes; of equal ones the first", () => {
    expect([...keepLargest(delta, 0.5)]).to.deep.equal([0, -2, 0, 1, 0, 3]);
    expect([...keepLargest(delta, 0.67)]).to.deep.equal([0, -2, 0, 1, -1, 3]);
    expect([...keepLargest(delta, 1)]).to.deep.equal([...delta]);
  });

  it("refuses a density that keeps nothing", () =>
    expect(() => keepLargest(delta, 0.1)).to.throw(DensityError, /Density 0\.1 keeps none of 6 weights/));

  it("keeps a random share, the same for the same seed, with the expected sum when rescaled", () => {
    const ones = new Float64Array(20_000).fill(1);
    const kept = keepRandom(ones, 0.3, true, 4);
    const sum = kept.reduce((total, value) => total + value, 0);
    // Binomial(20000, 0.3) / 0.3: standard deviation sqrt(20000 * 0.7 / 0.3) = 216; four of them.
    expect(sum).to.be.closeTo(20_000, 864);
    expect(keepRandom(ones, 0.3, true, 4)).to.deep.equal(kept);
    expect(keepRandom(ones, 0.3, true, 5)).not.to.deep.equal(kept);
    expect(new Set(keepRandom(ones, 0.3, false, 4))).to.deep.equal(new Set([0, 1]));
  });
});
