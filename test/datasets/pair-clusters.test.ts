import { expect } from "chai";
import { pairClusters } from "../../datasets/pair-clusters.ts";

describe("pairClusters", () => {
  it("joins pairs that share an image, directly or through others, whatever their order", () => {
    const [a, b, c, d, e, f] = Array.from({ length: 6 }, (_, id) => ({ id }));
    expect(pairClusters([[a, b], [c, d], [e, f]])).to.deep.equal([1, 2, 3]); // prettier-ignore
    expect(pairClusters([[a, b], [c, d], [b, c], [e, f]])).to.deep.equal([1, 1, 1, 2]); // prettier-ignore
    expect(pairClusters([])).to.deep.equal([]);
  });
});
