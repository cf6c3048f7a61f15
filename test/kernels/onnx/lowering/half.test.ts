import { expect } from "chai";
import { fromHalf, toHalf } from "../../../../kernels/onnx/lowering/half.ts";

describe("half precision", () => {
  it("every finite half survives the way to a number and back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value), `bits ${bits}`).to.equal(bits);
    }
  });

  it("rounds to the nearest, halves to even, and overflows to infinity", () => {
    const cases: [number, number][] = [
      [1 + 2 ** -11, 1],
      [1 + 3 * 2 ** -11, 1 + 2 ** -9],
      [1 + 2 ** -11 + 2 ** -20, 1 + 2 ** -10],
      [65519, 65504],
      [65520, Infinity],
      [-1e9, -Infinity],
      [2 ** -25, 0],
      [2 ** -25 + 2 ** -40, 2 ** -24],
      [2 ** -14 - 2 ** -26, 2 ** -14],
    ];
    for (const [value, wanted] of cases) expect(fromHalf(toHalf(value)), String(value)).to.equal(wanted);
    expect(fromHalf(toHalf(NaN))).to.be.NaN;
  });
});
