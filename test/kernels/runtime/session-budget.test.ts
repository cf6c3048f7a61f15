import { expect } from "chai";
import { makeModel, makeNode, makeTensor, makeValueInfo, writeModel } from "../../../kernels/onnx/index.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { SessionBudget } from "../../../kernels/runtime/session-budget.ts";
import { float32 } from "../../../kernels/tensor.ts";

const MB = 2 ** 20;

/** y = x + k over one megabyte of k. */
const megabyte = (k: number) =>
  writeModel(
    makeModel({
      nodes: [makeNode("Add", ["x", "w"], ["y"])],
      inputs: [makeValueInfo("x", "float32", [1])],
      outputs: [makeValueInfo("y", "float32", [MB / 4])],
      initializers: [makeTensor("w", float32(new Float32Array(MB / 4).fill(k), [MB / 4]))],
    }),
  );

class Program {
  busy = false;
  closed = 0;
  close() {
    this.closed++;
  }
}

describe("the memory budget of compiled programs", () => {
  it("closes what was unused for longest, never the program in use", () => {
    const budget = new SessionBudget(10);
    const [a, b, c] = [new Program(), new Program(), new Program()];
    budget.touch(a, 4);
    budget.touch(b, 4);
    budget.touch(a, 4);
    budget.touch(c, 4);
    expect([a.closed, b.closed, c.closed]).to.deep.equal([0, 1, 0]);
    expect(budget.used).to.equal(8);
    budget.touch(b, 100);
    expect([a.closed, b.closed, c.closed]).to.deep.equal([1, 1, 1]);
    expect([budget.used, budget.count]).to.deep.equal([100, 1]);
  });

  it("passes over a program that runs", () => {
    const budget = new SessionBudget(10);
    const [a, b, c] = [new Program(), new Program(), new Program()];
    a.busy = true;
    for (const each of [a, b, c]) budget.touch(each, 4);
    expect([a.closed, b.closed, c.closed]).to.deep.equal([0, 1, 0]);
  });

  it("keeps sessions usable: one that was closed compiles again and answers the same", async () => {
    await using runtime = await Runtime.start("cpu", { memory: 7 * MB });
    const sessions = [];
    for (let k = 0; k < 5; k++) sessions.push(await runtime.open(megabyte(k), `program ${k}`));
    expect(runtime.budget.count).to.equal(2);
    expect(runtime.budget.used).to.be.lessThan(7 * MB);
    for (let round = 0; round < 3; round++)
      for (const [k, session] of sessions.entries()) {
        const { y } = await session.run({ x: float32([10], [1]) });
        expect(y.data[7]).to.equal(10 + k);
      }
    const all = await Promise.all(sessions.map((session) => session.run({ x: float32([1], [1]) })));
    expect(all.map(({ y }) => y.data[0])).to.deep.equal([1, 2, 3, 4, 5]);
    expect(runtime.budget.count).to.be.lessThan(4);
  });

  it("asks for the source again instead of keeping it, where it is given as a function", async () => {
    await using runtime = await Runtime.start("cpu", { memory: 3 * MB });
    let made = 0;
    const first = await runtime.open(async () => (made++, megabyte(1)), "made");
    await runtime.open(megabyte(2), "other");
    expect((await first.run({ x: float32([0], [1]) })).y.data[0]).to.equal(1);
    expect(made).to.equal(2);
  });

  it("forgets a session that is released, which refuses to run", async () => {
    await using runtime = await Runtime.start("cpu");
    const session = await runtime.open(megabyte(1), "program");
    await session.release();
    expect(runtime.budget.used).to.equal(0);
    const error = await session.run({ x: float32([0], [1]) }).catch((e) => e);
    expect(error.message).to.equal("internal: the session of program was released before this run");
  });
});
