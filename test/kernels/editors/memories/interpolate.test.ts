import { expect } from "chai";
import { lerp, slerp } from "../../../../kernels/editors/memories/interpolate.ts";

describe("interpolation of weights", () => {
  it("lerp goes along the line", () => expect([...lerp([0, 2], [4, 0], 0.25)]).to.deep.equal([1, 1.5]));

  it("slerp turns evenly: half of a right angle is 45 degrees on the circle", () => {
    const [x, y] = slerp([1, 0], [0, 1], 0.5);
    expect(x).to.be.closeTo(Math.SQRT1_2, 1e-7);
    expect(y).to.be.closeTo(Math.SQRT1_2, 1e-7);
    const third = slerp([1, 0], [0, 1], 1 / 3);
    expect(Math.atan2(third[1], third[0])).to.be.closeTo(Math.PI / 6, 1e-7);
  });

  it("slerp joins vectors in line, and vectors of zeros, by a line", () => {
    expect([...slerp([1, 1], [3, 3], 0.5)]).to.deep.equal([2, 2]);
    expect([...slerp([0, 0], [3, 1], 0.5)]).to.deep.equal([1.5, 0.5]);
  });
});
