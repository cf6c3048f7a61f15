import { expect } from "chai";
import { RecentlyUsed } from "../../../kernels/evaluation/recently-used.ts";

describe("RecentlyUsed", () => {
  const kept = (values: RecentlyUsed<unknown>, keys: string[]) => keys.filter((key) => values.get(key) !== undefined);

  it("lets go of what was unused for longest once there is too much", () => {
    const values = new RecentlyUsed<Float64Array>(3600);
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

  it("does not keep what is larger than all room", () => {
    const values = new RecentlyUsed<Float32Array>(1000);
    values.put("a", new Float32Array(1000));
    expect(values.get("a")).to.equal(undefined);
  });
});
