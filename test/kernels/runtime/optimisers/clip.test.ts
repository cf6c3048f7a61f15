import { expect } from "chai";
import { clip } from "../../../../kernels/runtime/optimisers/clip.ts";

describe("gradient clipping", () => {
  it("scales all gradients together to the norm, and says what it was", () => {
    const gradients = [Float32Array.of(3, 0), Float32Array.of(0, 4)];
    expect(clip(gradients, { norm: 1 })).to.equal(5);
    expect(gradients[0][0]).to.be.closeTo(0.6, 1e-7);
    expect(gradients[1][1]).to.be.closeTo(0.8, 1e-7);
  });
  it("leaves shorter gradients as they are", () => {
    const gradients = [Float32Array.of(3, 4)];
    expect(clip(gradients, { norm: 5 })).to.equal(5);
    expect([...gradients[0]]).to.deep.equal([3, 4]);
  });
  it("bounds single values first", () => {
    const gradients = [Float32Array.of(-30, 4, 1)];
    expect(clip(gradients, { value: 4 })).to.be.closeTo(Math.sqrt(33), 1e-9);
    expect([...gradients[0]]).to.deep.equal([-4, 4, 1]);
  });
});
