import { expect } from "chai";
import { CancelledError } from "../../../../kernels/errors.ts";
import { optimiseValue } from "../../../../kernels/editors/closed-forms/optimise-value.ts";

const start = Float32Array.of(3, 4);
/** Loss |v0 + delta - wish|^2 / 2. */
const towards = (wish: number[]) => (delta: Float32Array) => {
  const gap = Float32Array.from(delta, (value, i) => start[i] + value - wish[i]);
  return { loss: gap.reduce((sum, each) => sum + each * each, 0) / 2, gradient: gap };
};
const length = (values: Float32Array) => Math.hypot(...values);

describe("value optimisation", () => {
  it("finds the wished value, and stops once the loss is low", async () => {
    const { delta, passes } = await optimiseValue(start, towards([2, 5]), { passes: 500, lr: 0.1, weightDecay: 0 });
    expect(passes.length).to.be.below(500);
    expect(passes.at(-1)!.total).to.be.below(0.05);
    expect(passes.at(-2)!.total).to.be.at.least(0.05);
    expect(Math.hypot(delta[0] + 1, delta[1] - 1)).to.be.below(Math.sqrt(0.1));
  });

  it("takes no step in the last pass, so that one pass changes nothing", async () => {
    const one = await optimiseValue(start, towards([0, 0]), { passes: 1 });
    expect([[...one.delta], one.passes.length]).to.deep.equal([[0, 0], 1]);
    expect(length((await optimiseValue(start, towards([0, 0]), { passes: 2 })).delta)).to.be.above(0);
  });

  it("keeps delta within the bound, which is relative to the start", async () => {
    const { delta } = await optimiseValue(start, towards([90, 90]), { passes: 40, clampFactor: 0.5 });
    expect(length(delta)).to.be.closeTo(2.5, 1e-5);
  });

  it("penalises the length of delta over the square of the start's, with its slope", async () => {
    const free = () => ({ loss: 1, gradient: Float32Array.of(0, 0) });
    const moved = (delta: Float32Array) => ({
      loss: 1,
      gradient: delta[0] === 0 ? Float32Array.of(-1, 0) : free().gradient,
    });
    const { passes, delta } = await optimiseValue(start, moved, { passes: 2, lr: 0.5, weightDecay: 10 });
    expect(passes[1].weightDecay).to.be.closeTo((10 * length(delta)) / 25, 1e-6);
    const pulled = await optimiseValue(start, moved, { passes: 60, lr: 0.5, weightDecay: 10 });
    expect(length(pulled.delta)).to.be.below(0.5 * length(delta));
  });

  it("bounds each of several vectors by its own start", async () => {
    const push = () => ({ loss: 1, gradient: Float32Array.of(-1, -1, -1) });
    const { delta } = await optimiseValue([start, Float32Array.of(1)], push, { passes: 30, clampFactor: 0.5 });
    expect(length(delta.subarray(0, 2))).to.be.closeTo(2.5, 1e-5);
    expect(delta[2]).to.be.closeTo(0.5, 1e-6);
  });

  it("obeys a method's own stopping rule and the caller's signal, and refuses a start of length zero", async () => {
    const stopping = await optimiseValue(start, (delta) => ({ ...towards([0, 0])(delta), stop: true }));
    expect(stopping.passes.length).to.equal(1);
    const failure = async (work: Promise<unknown>) => work.then(() => undefined, (error: unknown) => error as Error); // prettier-ignore
    expect(await failure(optimiseValue(start, towards([0, 0]), { signal: AbortSignal.abort() }))).to.be.instanceOf(
      CancelledError,
    );
    expect((await failure(optimiseValue(new Float32Array(2), towards([0, 0]))))?.message).to.contain("has length 0");
  });
});
