import { expect } from "chai";
import { roundHalfEven } from "../../../../kernels/evaluation/confusion/round-half-even.ts";

describe("roundHalfEven", () => {
  it("takes exact halves to the even digit", () =>
    expect([3.125, 9.375, 40.625, 96.875, -3.125].map(roundHalfEven)).to.deep.equal([3.12, 9.38, 40.62, 96.88, -3.12]));
  it("looks at the binary value of everything else", () =>
    // Both 2.675 and 1.115 lie below their decimal forms, 33.335 above.
    expect([2.675, 1.115, 20.4545, 100, 0, 33.335].map(roundHalfEven)).to.deep.equal([
      2.67, 1.11, 20.45, 100, 0, 33.34,
    ]));
});
