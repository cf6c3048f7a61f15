import { expect } from "chai";
import { replacedPositions } from "../../../../kernels/editors/memories/grace-replace.ts";

describe("replacedPositions", () => {
  it("is the key token, every position, or the prompt", () => {
    expect(replacedPositions("replace-last", 3, 6)).to.deep.equal([3, 4]);
    expect(replacedPositions("replace-all", 3, 6)).to.deep.equal([0, 6]);
    expect(replacedPositions("replace-prompt", 3, 6)).to.deep.equal([0, 4]);
  });

  it("official: ends a prompt's replacement before the key token", () =>
    expect(replacedPositions("replace-prompt", 3, 6, "official")).to.deep.equal([0, 3]));
});
