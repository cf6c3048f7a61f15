import { expect } from "chai";
import { changeNorm } from "../../../../kernels/editors/locate/change-norm.ts";
import { float32 } from "../../../../kernels/tensor.ts";

describe("the norm of low-rank changes", () => {
  it("is that of the products, all sites together", () => {
    // [[1, 2], [0, 1]] times [[3, 0], [0, 2]] is [[3, 4], [0, 2]]: squares sum to 29; the second adds 49.
    const a = float32([1, 2, 0, 1], [2, 2]);
    const b = float32([3, 0, 0, 2], [2, 2]);
    const first = { kind: "low-rank" as const, site: "x", a, b };
    const second = { kind: "low-rank" as const, site: "y", a: float32([7], [1, 1]), b: float32([1], [1, 1]) };
    expect(changeNorm([first])).to.be.closeTo(Math.sqrt(29), 1e-12);
    expect(changeNorm([first, second])).to.be.closeTo(Math.sqrt(78), 1e-12);
    expect(changeNorm([])).to.equal(0);
  });
});
