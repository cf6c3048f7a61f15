import { expect } from "chai";
import { mcnemarExact } from "../../../../kernels/evaluation/statistics/mcnemar.ts";

/** Enumerates which editor is right in each discordant pair, all equally likely, and counts outcomes at least as uneven. */
function enumerated(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  let as = 0;
  for (let way = 0; way < 2 ** n; way++) {
    let ones = 0;
    for (let rest = way; rest; rest >>= 1) ones += rest & 1;
    if (Math.abs(2 * ones - n) >= Math.abs(onlyA - onlyB)) as++;
  }
  return as / 2 ** n;
}

describe("mcnemarExact", () => {
  it("agrees with the enumeration of all outcomes", () => {
    for (const [a, b] of [
      [1, 9],
      [9, 1],
      [0, 5],
      [4, 4],
      [3, 11],
      [0, 1],
    ])
      expect(mcnemarExact(a, b)).to.be.closeTo(enumerated(a, b), 1e-13);
  });

  it("gives known values", () => {
    expect(mcnemarExact(1, 9)).to.be.closeTo(22 / 1024, 1e-15);
    expect(mcnemarExact(0, 5)).to.be.closeTo(0.0625, 1e-15);
  });

  it("is 1 without discordant pairs and never above", () => {
    expect(mcnemarExact(0, 0)).to.equal(1);
    expect(mcnemarExact(4, 4)).to.equal(1);
  });
});
