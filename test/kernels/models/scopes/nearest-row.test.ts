import { expect } from "chai";
import { euclidean, KeyWidthError, nearestRow } from "../../../../kernels/models/scopes/nearest-row.ts";

describe("nearestRow", () => {
  const rows = [
    [0, 0],
    [3, 4],
    [0, 0],
  ];

  it("measures Euclidean distances", () => expect(euclidean([0, 0], [3, 4])).to.equal(5));

  it("gives the nearest row and how far it is; of equally near ones the first or the last", () => {
    expect(nearestRow(rows, [3, 3], "last")).to.deep.equal({ entry: 1, distance: 1 });
    expect(nearestRow(rows, [1, 0], "last")).to.deep.equal({ entry: 2, distance: 1 });
    expect(nearestRow(rows, [1, 0], "first")).to.deep.equal({ entry: 0, distance: 1 });
    expect(nearestRow([], [1, 0], "last")).to.equal(undefined);
  });

  it("says which widths do not fit", () =>
    expect(() => nearestRow(rows, [1], "last")).to.throw(
      KeyWidthError,
      /query of 1 .* key of 2\. Use the memory with the model/,
    ));
});
