import { expect } from "chai";
import { LADDERS, slopeAtZero } from "../../../../kernels/commands/grad-check/central-difference.ts";
import { exactGrid } from "../../../../kernels/commands/grad-check/exact-grid.ts";
import { normal } from "../../../../kernels/onnx/build/initialisers.ts";

const slope = (f: (x: number) => number, kinked = false) => slopeAtZero(async (h) => f(h) - f(-h), kinked);

describe("central differences", () => {
  it("are right to 1e-9 where a function is smooth and exact", async () => {
    expect((await slope((x) => Math.exp(2 * x) + 1e3)).value).to.be.closeTo(2, 2e-9);
  });

  it("are right to 1e-4 where a curved function is rounded to float32", async () => {
    const { value, uncertainty } = await slope((x) => Math.fround(Math.sin(3 * x) + Math.exp(5 * x)));
    expect(value).to.be.closeTo(8, 8e-4);
    expect(uncertainty).to.be.below(1e-3);
  });

  it("say by their uncertainty when rounding hides the slope", async () => {
    expect((await slope((x) => Math.fround(2e7 + x))).uncertainty).to.be.above(0.01);
  });

  it("stay near a kink that lies close by", async () => {
    const f = (x: number) => x + 5 * Math.max(0, x - 2e-3);
    expect((await slope(f, true)).value).to.be.closeTo(1, 1e-9);
  });
});

describe("the exact grid", () => {
  for (const [kind, ladder] of Object.entries(LADDERS))
    it(`makes every perturbation of the ${kind} ladder exact in float32`, () => {
      const values = normal(0.3)([200], 1);
      const grid = exactGrid(values, 0.3, ladder);
      const direction = grid.direction(normal(0.3)([200], 2));
      for (let k = ladder.coarsest; k <= ladder.finest; k++)
        for (let i = 0; i < 200; i++)
          for (const sign of [1, -1]) {
            const exact = grid.values[i] + sign * 2 ** -k * direction[i];
            expect(Math.fround(exact)).to.equal(exact);
          }
      values.forEach((value, i) => expect(grid.values[i]).to.be.closeTo(value, 3e-6));
      expect(direction.filter((number) => number === 0).length).to.be.below(30);
    });

  it("keeps a direction where one value is far larger than the rest", () => {
    const values = normal(1)([100], 3);
    values[0] = 1e5;
    const direction = exactGrid(values, 1, LADDERS.smooth).direction(normal(1)([100], 4));
    expect(direction.filter((number) => number === 0).length).to.be.below(30);
  });
});
