import { expect } from "chai";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { vanillaMatch } from "../../../../kernels/evaluation/scoring/vanilla-match.ts";

describe("vanillaMatch", () => {
  it("compares id by id", () => {
    expect(vanillaMatch([29, 234, 333], [29, 234, 334])).to.be.closeTo(2 / 3, 1e-12);
    expect(vanillaMatch([29, 234], [234, 29])).to.equal(0);
  });

  it("aligns a generation that stopped before at the end", () => {
    expect(vanillaMatch([7, 2], [5, 7, 3])).to.be.closeTo(1 / 3, 1e-12);
    expect(vanillaMatch([5, 7], [5, 7, 3])).to.equal(0);
    expect(vanillaMatch([], [5])).to.equal(0);
  });

  it("refuses a target without ids", () => expect(() => vanillaMatch([1], [])).to.throw(EmptySetError));
});
