import { expect } from "chai";
import { progressLine } from "../../../kernels/commands/progress-line.ts";
import { timeLeft } from "../../../kernels/commands/time-left.ts";

describe("timeLeft", () => {
  it("goes by the pace so far, once there is one", () => {
    const left = timeLeft();
    expect(left(0, 0, 100), "nothing done").to.equal("");
    expect(left(1000, 10, 100), "too early to say").to.equal("");
    expect(left(10_000, 20, 100)).to.equal(", about 40 s left");
    expect(left(50_000, 100, 100), "done").to.equal("");
  });

  it("speaks of minutes and hours where it takes that long", () => {
    const left = timeLeft();
    left(0, 0, 1000);
    expect(left(10_000, 10, 1000)).to.equal(", about 17 min left");
    expect(left(400_000, 20, 1000)).to.equal(", about 5 h left");
  });

  it("begins anew with other work, and does not count what was done before it was asked", () => {
    const left = timeLeft();
    left(0, 0, 10);
    expect(left(20_000, 5, 10)).to.equal(", about 20 s left");
    expect(left(20_100, 0, 50), "another total").to.equal("");
    expect(left(30_100, 10, 50)).to.equal(", about 40 s left");
    expect(left(30_200, 2, 50), "a count that falls").to.equal("");
    const resumed = timeLeft();
    resumed(0, 90, 100);
    expect(resumed(10_000, 95, 100)).to.equal(", about 10 s left");
  });

  it("stands on a terminal's progress line", () => {
    const [written, now] = [[] as string[], Date.now];
    const line = progressLine({
      isTTY: true,
      write: (text: string) => written.push(text) > 0,
    } as unknown as NodeJS.WriteStream);
    try {
      line.update("finding pairs", 0, 84);
      Date.now = () => now() + 20_000;
      line.update("finding pairs", 21, 84);
      line.update("Cell 3", 21, 84, false);
    } finally {
      Date.now = now;
    }
    expect(written.slice(-2)).to.deep.equal([
      "\r\x1b[Kfinding pairs: 21 of 84, 20 s, about 60 s left",
      "\r\x1b[KCell 3: 21 of 84, 20 s",
    ]);
  });
});
