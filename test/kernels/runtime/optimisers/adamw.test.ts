import { expect } from "chai";
import { adamw } from "../../../../kernels/runtime/optimisers/adamw.ts";

describe("adamw", () => {
  it("takes steps of lr in the gradient's direction while the gradient is constant (closed form: both running means are unbiased)", () => {
    const optimiser = adamw(2, { lr: 0.1, weightDecay: 0 });
    for (let t = 0; t < 20; t++) {
      const change = optimiser.step(Float32Array.of(3, -0.5), Float32Array.of(1, 1));
      expect(change[0]).to.be.closeTo(-0.1, 1e-7);
      expect(change[1]).to.be.closeTo(0.1, 1e-7);
    }
  });

  it("decays the weight itself, apart from the gradient", () => {
    const change = adamw(1, { lr: 0.1, weightDecay: 0.01 }).step(Float32Array.of(0), Float32Array.of(5));
    expect(change[0]).to.be.closeTo(-0.1 * 0.01 * 5, 1e-9);
  });

  it("follows the published recurrence on a changing gradient", () => {
    const [lr, b1, b2, eps, decay] = [0.01, 0.9, 0.999, 1e-8, 0.01];
    const optimiser = adamw(1, { lr });
    let [m, v, w, ours] = [0, 0, 1, 1];
    for (let t = 1; t <= 10; t++) {
      const g = Math.sin(t);
      m = b1 * m + (1 - b1) * g;
      v = b2 * v + (1 - b2) * g * g;
      // Written as in the paper: decay first, then the bias-corrected step.
      w = w - lr * decay * w - (lr * m) / (1 - b1 ** t) / (Math.sqrt(v / (1 - b2 ** t)) + eps);
      ours += optimiser.step(Float32Array.of(g), Float32Array.of(ours))[0];
      expect(ours).to.be.closeTo(w, 1e-6);
    }
  });
});
