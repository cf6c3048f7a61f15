import { expect } from "chai";
import { sgd } from "../../../../kernels/runtime/optimisers/sgd.ts";

const run = (options: Parameters<typeof sgd>[1], gradients: number[], start = 0) => {
  const optimiser = sgd(1, options);
  let w = start;
  return gradients.map((g) => (w += optimiser.step(Float32Array.of(g), Float32Array.of(w))[0]));
};

describe("sgd", () => {
  it("contracts a quadratic by 1 - lr·curvature at each step (closed form)", () => {
    const optimiser = sgd(1, { lr: 0.1 });
    let w = 1;
    for (let t = 1; t <= 20; t++) {
      w += optimiser.step(Float32Array.of(3 * w), Float32Array.of(w))[0];
      expect(w).to.be.closeTo(0.7 ** t, 1e-6);
    }
  });

  it("with momentum under a constant gradient, the velocity is the geometric sum", () => {
    const path = run({ lr: 0.1, momentum: 0.5 }, [1, 1, 1]);
    expect(path[2]).to.be.closeTo(-0.1 * (1 + 1.5 + 1.75), 1e-6);
  });

  it("with Nesterov momentum it adds the gradient to the velocity it will have (two steps by hand)", () => {
    // v1 = 2, step 2 + .9·2; v2 = .9·2 - 1 = .8, step -1 + .9·.8.
    const path = run({ lr: 0.1, momentum: 0.9, nesterov: true }, [2, -1]);
    expect(path[0]).to.be.closeTo(-0.38, 1e-6);
    expect(path[1]).to.be.closeTo(-0.38 + 0.028, 1e-6);
  });

  it("adds decay to the gradient", () => {
    expect(run({ lr: 0.1, weightDecay: 0.5 }, [0], 4)[0]).to.be.closeTo(4 - 0.1 * 0.5 * 4, 1e-6);
  });

  it("takes another step size for one step", () => {
    expect(sgd(1, { lr: 1 }).step(Float32Array.of(2), Float32Array.of(0), 0.25)[0]).to.equal(-0.5);
  });
});
