import { expect } from "chai";
import { alignedProjector } from "../../../../../kernels/models/phantom/network/aligned-projector.ts";
import { float32 } from "../../../../../kernels/tensor.ts";

describe("a projector that speaks the decoder's words", () => {
  // Two features, two classes: feature i gives class i +4 when it is 1 and -4 when it is 0.
  const head = { weight: float32([8, 0, 0, 8], [2, 2]), bias: float32([-4, -4], [2]) };
  const table = float32([1, 0, 0, 0, 2, 0, 0, 0, 3], [3, 3]);
  const names = [[0], [1, 2]];
  const none = float32([0, 0, 0, 0, 0, 0], [2, 3]);
  const image = (features: number[], projector: ReturnType<typeof alignedProjector>) =>
    [0, 1, 2].map(
      (j) =>
        projector.bias.data[j] + features.reduce((sum, value, i) => sum + value * projector.weight.data[i * 3 + j], 0),
    );

  it("gives a place the mean embedding of the tokens of what is there, and nothing of what is not", () => {
    const projector = alignedProjector(head, table, names, none);
    expect(image([0, 0], projector)).to.deep.equal([0, 0, 0]);
    expect(image([1, 0], projector)).to.deep.equal([1, 0, 0]);
    expect(image([1, 1], projector)).to.deep.equal([1, 1, 1.5]);
  });

  it("adds the noise to the weights alone", () => {
    const noise = float32([1, 2, 3, 4, 5, 6], [2, 3]);
    const [with_, without] = [noise, none].map((each) => alignedProjector(head, table, names, each));
    expect([...with_.weight.data].map((value, i) => value - without.weight.data[i])).to.deep.equal([...noise.data]);
    expect(with_.bias.data).to.deep.equal(without.bias.data);
  });
});
