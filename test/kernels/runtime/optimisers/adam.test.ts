import { expect } from "chai";
import { adam } from "../../../../kernels/runtime/optimisers/adam.ts";
import { adamw } from "../../../../kernels/runtime/optimisers/adamw.ts";
import { optimiser } from "../../../../kernels/runtime/optimisers/optimiser.ts";

describe("adam", () => {
  it("follows algorithm 1 of the paper on a changing gradient, decay inside the gradient", () => {
    const [lr, b1, b2, eps, decay] = [0.01, 0.8, 0.95, 1e-6, 0.1];
    const ours = adam(1, { lr, betas: [b1, b2], eps, weightDecay: decay });
    let [m, v, w, mine] = [0, 0, 1, 1];
    for (let t = 1; t <= 12; t++) {
      const g = Math.cos(3 * t) + decay * w;
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      w -= (lr * (m / (1 - b1 ** t))) / (Math.sqrt(v / (1 - b2 ** t)) + eps);
      mine += ours.step(Float32Array.of(Math.cos(3 * t)), Float32Array.of(mine))[0];
      expect(mine).to.be.closeTo(w, 1e-6);
    }
  });

  it("equals adamw without decay", () => {
    const [a, b] = [adam(1, { lr: 0.1 }), adamw(1, { lr: 0.1, weightDecay: 0 })];
    for (const g of [1, -0.2, 5])
      expect(a.step(Float32Array.of(g), Float32Array.of(3))).to.deep.equal(
        b.step(Float32Array.of(g), Float32Array.of(3)),
      );
  });
});

describe("optimiser by name", () => {
  it("makes the named one", () => {
    expect(optimiser(1, { kind: "sgd", lr: 1 }).step(Float32Array.of(2), Float32Array.of(0))[0]).to.equal(-2);
    expect(optimiser(1, { kind: "adam", lr: 1 }).step(Float32Array.of(2), Float32Array.of(0))[0]).to.be.closeTo(
      -1,
      1e-6,
    );
    expect(
      optimiser(1, { kind: "adamw", lr: 1, weightDecay: 1 }).step(Float32Array.of(2), Float32Array.of(3))[0],
    ).to.be.closeTo(-4, 1e-6);
  });
  it("refuses another and offers the nearest", () => {
    expect(() => optimiser(1, { kind: "adamv", lr: 1 } as never)).to.throw(
      'unknown optimiser "adamv"; did you mean "adam',
    );
  });
});
