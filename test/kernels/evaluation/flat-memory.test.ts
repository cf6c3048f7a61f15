import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";

describe("memory of a long evaluation", () => {
  it("grows by what is remembered of the base model, and no more, from 1,000 to 20,000 cases", function () {
    this.timeout(600_000);
    const child = resolve(import.meta.dirname, "flat-memory-child.ts");
    const told = execFileSync(process.execPath, ["--expose-gc", "--import", "tsx", child], { encoding: "utf8" });
    const { finished, heap, buffers, n } = JSON.parse(told) as Record<"heap" | "buffers", number[]> & Record<"finished" | "n", number>; // prettier-ignore
    expect([finished, n]).to.deep.equal([20_000, 20_000]);
    const shown = [heap, buffers].map((each) => each.map((mb) => mb.toFixed(1)).join(", ")).join(" MB; ");
    // Base observations of 16 MB, mostly in buffers (which the engine frees a little later), and some 300 bytes a case for the intervals.
    // Without a limit the heap alone would grow by 40 MB.
    expect(heap[2] - heap[0], shown).to.be.below(24);
    expect(buffers[2], shown).to.be.below(40);
  });
});
