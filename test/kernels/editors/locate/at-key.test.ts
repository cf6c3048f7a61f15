import { expect } from "chai";
import { meanKey, stacked } from "../../../../kernels/editors/locate/at-key.ts";

const rows = (...values: number[][]) => stacked(values.map((row) => Float32Array.from(row)));

describe("one key for all contexts", () => {
  it("is the plain prompt's where there is no other", () => expect([...meanKey(rows([1, 2]))]).to.deep.equal([1, 2]));

  it("counts the plain prompt half and the contexts the other half together", () =>
    expect([...meanKey(rows([8, 0], [2, 4], [0, 8], [4, 0]))]).to.deep.equal([5, 2]));
});
