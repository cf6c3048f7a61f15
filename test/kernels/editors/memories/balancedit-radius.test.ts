import { expect } from "chai";
import { balancEditFires, balancEditRadius } from "../../../../kernels/editors/memories/balancedit-radius.ts";

describe("BalancEdit radius", () => {
  it("is four parts of the negative and one of the positive distance", () =>
    expect(balancEditRadius({ positive: 2, negative: 5 })).to.equal(4.4));

  it("is one or the other distance at the ends of the balance", () => {
    expect(balancEditRadius({ positive: 2, negative: 5 }, 0)).to.equal(5);
    expect(balancEditRadius({ positive: 2, negative: 5 }, 1)).to.equal(2);
  });

  it("fires up to the radius", () => {
    expect(balancEditFires(4.4, 4.4)).to.equal(true);
    expect(balancEditFires(4.41, 4.4)).to.equal(false);
  });
});
