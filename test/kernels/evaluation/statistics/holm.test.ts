import { expect } from "chai";
import fc from "fast-check";
import { holm } from "../../../../kernels/evaluation/statistics/holm.ts";

describe("holm", () => {
  it("multiplies step by step and never falls", () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, i) => expect(adjusted[i]).to.be.closeTo(p, 1e-15));
    expect(holm([])).to.deep.equal([]);
    expect(holm([0.2])).to.deep.equal([0.2]);
    expect(holm([0.9, 0.8])).to.deep.equal([1, 1]);
  });

  it("lies between the raw p and Bonferroni's, in the order of the raw ones", () =>
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (ps) => {
        const adjusted = holm(ps);
        ps.forEach((p, i) => {
          expect(adjusted[i]).to.be.within(p, Math.min(1, p * ps.length) + 1e-12);
          ps.forEach((q, j) => p < q && expect(adjusted[i]).to.be.at.most(adjusted[j]));
        });
      }),
    ));
});
