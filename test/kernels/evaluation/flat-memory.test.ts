import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";

describe("memory of a long evaluation", () => {
  it("grows by what is remembered of the base model, and no more, from 1,000 to 10,000 cases", function () {
    this.timeout(600_000);
    const child = resolve(import.meta.dirname, "flat-memory-child.ts");
    const told = execFileSync(process.execPath, ["--expose-gc", "--import", "tsx", child], { encoding: "utf8" });
    const { finished, alive, n } = JSON.parse(told) as { finished: number; alive: number[]; n: number };
    expect([finished, n]).to.deep.equal([10_000, 10_000]);
    const [first, , last] = alive;
    // 16 MB of base observations, and some bytes a case for the intervals.
    expect(last - first, `${alive.map((mb) => mb.toFixed(1)).join(", ")} MB`).to.be.below(18);
  });
});
