import { expect } from "chai";
import { RecentlyUsed } from "../../../kernels/evaluation/recently-used.ts";

describe("RecentlyUsed", () => {
  const kept = (values: RecentlyUsed<unknown>, keys: string[]) => keys.filter((key) => values.get(key) !== undefined);

  it("lets go of what was unused for longest once there is too much", () => {
    const values = new RecentlyUsed<Float64Array>(4 * 1200);
    for (const key of ["a", "b", "c", "d"]) values.put(key, new Float64Array(100));
    values.get("a");
    values.put("e", new Float64Array(100));
    expect(kept(values, ["a", "b", "c", "d", "e"])).to.deep.equal(["a", "c", "d", "e"]);
  });

  it("counts a value that is put again once", () => {
    const values = new RecentlyUsed<string>(1000);
    values.put("a", "x");
    for (let i = 0; i < 100; i++) values.put("b", "word");
    expect(values.get("a")).to.equal("x");
  });

  it("gives back what was put, to the bit, as a copy", () => {
    const values = new RecentlyUsed<unknown>(10_000);
    const value = {
      text: "Ä \u{1f600} word",
      logprobs: [-0, NaN, -Infinity, 0.1, 1e-300],
      ids: [7, 50256],
      more: { rows: [[1], [2]] },
    };
    values.put("a", value);
    expect(values.get("a")).to.deep.equal(value);
    expect(values.get("a")).not.to.equal(value);
    expect(Object.is((values.get("a") as typeof value).logprobs[0], -0)).to.equal(true);
  });

  it("does not keep what is larger than all room", () => {
    const values = new RecentlyUsed<Float32Array>(1000);
    values.put("a", new Float32Array(1000));
    expect(values.get("a")).to.equal(undefined);
  });
});
