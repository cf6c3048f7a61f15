import { expect } from "chai";
import { atOnce, type Pieces } from "../../../../kernels/editors/closed-forms/pieces.ts";
import { withPauses } from "../../../../kernels/editors/locate/with-pauses.ts";
import { CancelledError } from "../../../../kernels/errors.ts";

describe("work in pieces", () => {
  /** Ten pieces of 10 ms each. */
  function* slow(done: number[] = []): Pieces<string> {
    for (let i = 0; i < 10; i++) {
      const until = performance.now() + 10;
      while (performance.now() < until);
      done.push(i);
      yield (i + 1) / 10;
    }
    return "done";
  }

  it("gives its result with or without pauses, in which others go on", async () => {
    expect(atOnce(slow())).to.equal("done");
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const shares: number[] = [];
    try {
      expect(await withPauses(slow(), { what: "it", onProgress: (share) => shares.push(share) })).to.equal("done");
    } finally {
      clearInterval(timer);
    }
    expect(ticks).to.be.at.least(2);
    expect(shares.length).to.be.within(2, 10);
    expect(shares).to.deep.equal([...shares].sort((a, b) => a - b));
  });

  it("stops at the next pause when asked", async () => {
    const done: number[] = [];
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 15);
    const error = await withPauses(slow(done), { what: "slow work", signal: stop.signal }).catch((error) => error);
    expect(error)
      .to.be.instanceOf(CancelledError)
      .and.have.property("message")
      .that.matches(/^slow work: stopped/);
    expect(done.length).to.be.lessThan(10);
  });
});
