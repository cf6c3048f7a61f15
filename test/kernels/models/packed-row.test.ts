import { expect } from "chai";
import { packRow, unpackRow } from "../../../kernels/models/packed-row.ts";

describe("packed rows", () => {
  it("come back to the bit of float32, also what JSON has no number for", () => {
    const row = Float64Array.of(-1.5, Math.fround(0.1), -Infinity, 0);
    expect([...unpackRow(JSON.parse(JSON.stringify(packRow(row))))]).to.deep.equal([...row]);
  });
});
