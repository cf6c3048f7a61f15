import { expect } from "chai";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { wilsonInterval } from "../../../../kernels/evaluation/statistics/wilson.ts";

const percent = ([low, high]: [number, number]) => [low, high].map((end) => (100 * end).toFixed(2));

describe("wilsonInterval", () => {
  it("gives the intervals known for MediConfusion's 176 pairs", () => {
    expect(percent(wilsonInterval(44, 176))).to.deep.equal(["19.18", "31.89"]);
    expect(percent(wilsonInterval(52, 176))).to.deep.equal(["23.30", "36.66"]);
  });

  it("keeps a width at both ends", () => {
    const [low, high] = wilsonInterval(0, 20);
    expect(low).to.equal(0);
    expect(high).to.be.closeTo(0.1611, 1e-4); // z^2 / (n + z^2)
    expect(wilsonInterval(20, 20)[1]).to.equal(1);
    expect(wilsonInterval(20, 20)[0]).to.be.closeTo(1 - high, 1e-12);
  });

  it("refuses no cases and counts that are none", () => {
    expect(() => wilsonInterval(0, 0)).to.throw(EmptySetError);
    expect(() => wilsonInterval(5, 4)).to.throw(RangeError);
    expect(() => wilsonInterval(0.5, 4)).to.throw(RangeError);
  });
});
