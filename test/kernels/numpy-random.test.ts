import { expect } from "chai";
import { numpyRandom } from "../../kernels/numpy-random.ts";

const range = (n: number) => [...Array(n).keys()];

// Values computed with numpy (default_rng, the same in 1.26 and 2.4).
describe("numpyRandom", () => {
  it("seeds PCG64 as numpy does", () => {
    expect(numpyRandom(0).state).to.deep.equal({
      state: 35399562948360463058890781895381311971n,
      inc: 87136372517582989555478159403783844777n,
    });
    expect(numpyRandom(1).state).to.deep.equal({
      state: 207833532711051698738587646355624148094n,
      inc: 194290289479364712180083596243593368443n,
    });
  });

  it("shuffles as numpy does, and leaves its argument as it is", () => {
    const items = range(1000);
    const first = [459, 206, 222, 162, 711, 814, 350, 890, 518, 264, 683, 674];
    expect(numpyRandom(0).shuffle(items).slice(0, 12)).to.deep.equal(first);
    expect(items).to.deep.equal(range(1000));
    expect(numpyRandom(1).shuffle(range(3000)).slice(0, 8)).to.deep.equal([
      2524, 1503, 417, 2123, 2052, 1221, 2096, 1147,
    ]);
  });

  it("chooses and draws as numpy does, from one buffered stream", () => {
    expect(numpyRandom(1).choice([0, 1], 8)).to.deep.equal([0, 1, 1, 1, 0, 0, 1, 1]);
    expect(numpyRandom(0).integers(4, 8)).to.deep.equal([3, 2, 2, 1, 1, 0, 0, 0]);
    const mixed = numpyRandom(0);
    expect(mixed.shuffle(range(9))).to.deep.equal([4, 5, 2, 6, 3, 8, 7, 0, 1]);
    expect(mixed.choice([0, 1], 5)).to.deep.equal([1, 1, 1, 1, 1]);
    expect(mixed.integers(4, 3)).to.deep.equal([2, 2, 3]);
  });

  it("draws nothing where there is no choice", () => {
    const [a, b] = [numpyRandom(3), numpyRandom(3)];
    expect(a.integers(1, 5)).to.deep.equal([0, 0, 0, 0, 0]);
    expect(a.integers(100, 4)).to.deep.equal(b.integers(100, 4));
  });

  it("takes seeds above 32 bits, and refuses what is no whole number", () => {
    expect(numpyRandom(2 ** 32 + 1).state).to.not.deep.equal(numpyRandom(1).state);
    for (const seed of [-1, 0.5, NaN, 2 ** 53]) expect(() => numpyRandom(seed)).to.throw(RangeError);
    expect(() => numpyRandom(0).integers(0, 1)).to.throw(RangeError);
  });
});
