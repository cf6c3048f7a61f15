import { expect } from "chai";
import { random } from "../../../../kernels/random.ts";
import {
  detectableMean,
  detectablePaired,
  detectableUnpaired,
} from "../../../../kernels/evaluation/statistics/detectable-difference.ts";
import { mcnemarExact } from "../../../../kernels/evaluation/statistics/mcnemar.ts";

describe("detectable difference", () => {
  it("paired: is what McNemar's test finds about four times in five (simulated)", () => {
    const [n, discordant] = [200, 0.3];
    const d = detectablePaired({ n, discordant })!;
    const stream = random(9);
    let found = 0;
    for (let trial = 0; trial < 600; trial++) {
      let [a, b] = [0, 0];
      for (let i = 0; i < n; i++) {
        const u = stream.between(0, 1);
        if (u < (discordant + d) / 2) a++;
        else if (u < discordant) b++;
      }
      if (mcnemarExact(a, b) <= 0.05) found++;
    }
    // The exact test is a little conservative against the normal formula.
    expect(found / 600).to.be.within(0.7, 0.84);
  });

  it("paired: null where even all discordant pairs on one side would not do", () => {
    expect(detectablePaired({ n: 20, discordant: 0.1 })).to.equal(null);
    expect(detectablePaired({ n: 20, discordant: 0 })).to.equal(null);
  });

  it("unpaired: the textbook size of 95 a group finds a rise from 0.65 to about 0.83 or the fall to about 0.45", () => {
    const d = detectableUnpaired({ n: 95, base: 0.65 })!;
    expect(d).to.be.within(0.18, 0.21);
    expect(detectableUnpaired({ n: 5, base: 0.5 })).to.equal(null);
  });

  it("falls with n and power, and with the square root of n for means", () => {
    const paired = (n: number, power = 0.8) => detectablePaired({ n, discordant: 0.4 }, { power })!;
    expect(paired(400)).to.be.lessThan(paired(100));
    expect(paired(100, 0.9)).to.be.greaterThan(paired(100));
    expect(detectableMean({ n: 100, deviation: 1 })).to.be.closeTo(0.28016, 1e-4);
    expect(detectableMean({ n: 400, deviation: 1 })).to.be.closeTo(0.28016 / 2, 1e-4);
  });
});
