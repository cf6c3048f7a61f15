import { expect } from "chai";
import { ranksOf } from "../../../../../../kernels/models/phantom/retrieval/exam/recall.ts";

const unit = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));

describe("ranks", () => {
  const candidates = [0, 10, 40, 90].map(unit);

  it("count the wrong candidates before the first right one", () => {
    const right = [[0], [3], [1, 2]];
    expect(ranksOf([2, 12, 60].map(unit), candidates, (q, c) => right[q].includes(c))).to.deep.equal([0, 3, 0]);
  });

  it("count a tie against the encoder", () => {
    const same = [unit(30), unit(30), unit(30)];
    expect(ranksOf([unit(30)], same, (_, c) => c === 1)).to.deep.equal([2]);
  });
});
