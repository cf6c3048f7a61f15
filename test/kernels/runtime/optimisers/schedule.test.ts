import { expect } from "chai";
import { schedule, type ScheduleOptions } from "../../../../kernels/runtime/optimisers/schedule.ts";

const shares = (options: ScheduleOptions, steps: number[]) => steps.map((step) => schedule(options, step));

describe("schedules", () => {
  it("warm-up rises linearly and ends at the full size", () => {
    expect(shares({ kind: "constant", warmup: 4 }, [0, 1, 2, 3, 4, 100])).to.deep.equal([0.25, 0.5, 0.75, 1, 1, 1]);
  });
  it("the cosine passes full size, half and floor where it should", () => {
    const [start, third, half, end, later] = shares(
      { kind: "cosine", steps: 14, warmup: 2, floor: 0.1 },
      [2, 6, 8, 14, 20],
    );
    expect(start).to.equal(1);
    expect(third).to.be.closeTo(0.1 + 0.9 * 0.75, 1e-12); // (1 + cos 60°) / 2 = 3/4
    expect(half).to.be.closeTo(0.55, 1e-12);
    expect([end, later]).to.deep.equal([0.1, 0.1]);
  });
  it("the line and the steps fall as named", () => {
    expect(shares({ kind: "linear", steps: 10 }, [0, 5, 10, 11])).to.deep.equal([1, 0.5, 0, 0]);
    expect(shares({ kind: "step", every: 3, factor: 0.5 }, [0, 2, 3, 6])).to.deep.equal([1, 1, 0.5, 0.25]);
  });
  it("refuses a kind that does not exist", () => {
    expect(() => schedule({ kind: "cosin" } as never, 1)).to.throw('unknown schedule "cosin"; did you mean "cosine"?');
  });
});
