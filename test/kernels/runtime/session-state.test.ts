import { expect } from "chai";
import { GraphBuilder } from "../../../kernels/onnx/build/index.ts";
import { writeModel } from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { manySteps } from "../../../kernels/runtime/training/many-steps.ts";
import { float32 } from "../../../kernels/tensor.ts";

describe("session state", () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());

  /** w becomes w + x; also returns the sum of the old w. */
  const open = () => {
    const g = new GraphBuilder();
    const [w, x] = [g.input("w", "float32", [3]), g.input("x", "float32", [3])];
    g.output("next", g.add(w, x));
    g.output("sum", g.total(w));
    return runtime.open(writeModel(g.finish().model), "accumulator");
  };

  it("keeps tensors in the worker from run to run, and returns the other outputs alone", async () => {
    const [session, state] = [await open(), runtime.state()];
    await state.put({ w: float32([1, 2, 3], [3]) });
    const use = state.use({ w: "w" }, { next: "w" });
    const sums: number[] = [];
    for (let i = 0; i < 4; i++) {
      const outputs = await session.run({ x: float32([1, 0, 10], [3]) }, use);
      expect(Object.keys(outputs)).to.deep.equal(["sum"]);
      sums.push(Number(outputs.sum.data[0]));
    }
    expect(sums).to.deep.equal([6, 17, 28, 39]);
    expect([...((await state.get()).w.data as Float32Array)]).to.deep.equal([5, 2, 43]);
    await state.dispose();
    await session.release();
  });

  it("hands out copies: later runs do not change them", async () => {
    const [session, state] = [await open(), runtime.state()];
    const first = float32([1, 2, 3], [3]);
    await state.put({ w: first });
    const before = (await state.get()).w;
    for (let i = 0; i < 3; i++) await session.run({ x: float32([1, 1, 1], [3]) }, state.use({ w: "w" }, { next: "w" }));
    expect([...(before.data as Float32Array)]).to.deep.equal([1, 2, 3]);
    expect([...first.data]).to.deep.equal([1, 2, 3]);
    await state.dispose();
    await session.release();
  });

  it("a failed run leaves the state as it was", async () => {
    const [session, state] = [await open(), runtime.state()];
    await state.put({ w: float32([1, 2, 3], [3]) });
    const use = state.use({ w: "w" }, { next: "w" });
    const error = await session.run({ x: float32([1, 1], [2]) }, use).catch((e) => e);
    expect(error).to.be.instanceOf(Error);
    expect([...((await state.get()).w.data as Float32Array)]).to.deep.equal([1, 2, 3]);
    await state.dispose();
    await session.release();
  });

  it("two states do not see each other, and a disposed one is gone", async () => {
    const [a, b] = [runtime.state(), runtime.state()];
    await a.put({ w: float32([1], [1]) });
    await b.put({ w: float32([2], [1]) });
    expect((await a.get()).w.data[0]).to.equal(1);
    await a.dispose();
    expect(await a.get(["w"]).catch((e) => e.message)).to.match(/dropped/);
    expect((await b.get()).w.data[0]).to.equal(2);
    await b.dispose();
  });

  /** w becomes w + rate x; also returns the sum of the old w. */
  const step = () => {
    const g = new GraphBuilder();
    const [w, x, rate] = [g.input("w", "float32", [3]), g.input("x", "float32", [3]), g.input("rate", "float32", [])];
    g.output("next", g.add(w, g.mul(x, rate)));
    g.output("sum", g.total(w));
    return g.finish().model;
  };
  const many = () => manySteps(step(), { state: { w: "next" }, numbers: { rate: 0 }, loss: "sum" });

  for (const [form, graph] of [
    ["a run for each step", step],
    ["many steps in a run", many],
  ] as const)
    describe(`in a loop, ${form}`, () => {
      const openLoop = () => runtime.open(writeModel(graph()), "loop");

      it("is what the next step goes on from", async () => {
        const [session, state] = [await openLoop(), runtime.state()];
        await state.put({ w: float32([1, 2, 3], [3]) });
        const use = state.use({ w: "w" }, { next: "w" });
        const x = float32([1, 0, 10], [3]);
        const losses: number[] = [];
        // A slow machine gives less than all at once.
        for (const left = [1, 2, 0.5, 0]; left.length;) {
          const made = await session.loop(
            { x },
            { ...use, numbers: { rate: left }, loss: "sum", stopBelow: -Infinity },
          );
          losses.push(...made);
          left.splice(0, made.length);
        }
        expect(losses).to.deep.equal([6, 17, 39, 44.5]);
        expect([...((await state.get()).w.data as Float32Array)]).to.deep.equal([4.5, 2, 38]);
        await state.dispose();
        await session.release();
      });

      // With a loss that is no number: many-steps.test.ts.
      it("ends with a loss below its bound, and drops what that run wrote", async () => {
        const [session, state] = [await openLoop(), runtime.state()];
        await state.put({ w: float32([1, 2, 3], [3]) });
        const use = state.use({ w: "w" }, { next: "w" });
        const x = float32([5, 0, 0], [3]);
        let losses: number[] = [];
        while (losses.length < 2) {
          const rule = { numbers: { rate: [-1, -1, -1].slice(losses.length) }, loss: "sum", stopBelow: 2 };
          losses = [...losses, ...(await session.loop({ x }, { ...use, ...rule }))];
        }
        expect(losses).to.deep.equal([6, 1]);
        expect([...((await state.get()).w.data as Float32Array)]).to.deep.equal([-4, 2, 3]);
        await state.dispose();
        await session.release();
      });

      it("lets go after a fifth of a second, so that others get their turn", async () => {
        const [session, state] = [await openLoop(), runtime.state()];
        await state.put({ w: float32([0, 0, 0], [3]) });
        const rule = { numbers: { rate: Array<number>(1e6).fill(0) }, loss: "sum", stopBelow: -Infinity };
        const made = await session.loop(
          { x: float32([1, 1, 1], [3]) },
          { ...state.use({ w: "w" }, { next: "w" }), ...rule },
        );
        expect(made.length).to.be.within(1, 1e5);
        await state.dispose();
        await session.release();
      });
    });
});
