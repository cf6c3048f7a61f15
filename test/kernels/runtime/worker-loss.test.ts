import type { Worker } from "node:worker_threads";
import { expect } from "chai";
import { CancelledError } from "../../../kernels/errors.ts";
import { makeModel, makeNode, makeTensor, makeValueInfo, writeModel } from "../../../kernels/onnx/index.ts";
import { probeGraph } from "../../../kernels/onnx/probe-graph.ts";
import { DeviceLostError, saysDeviceLost, WorkerLostError } from "../../../kernels/runtime/lost-errors.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32, int64 } from "../../../kernels/tensor.ts";

const SIZE = 1024;

/** Sixty products of large matrices: a second or more on any machine that runs tests. It counts its runs. */
const slowGraph = () =>
  writeModel(
    makeModel({
      nodes: [
        ...Array.from({ length: 60 }, (_, i) =>
          makeNode("MatMul", [i ? `h${i}` : "x", "w"], [i === 59 ? "y" : `h${i + 1}`]),
        ),
        makeNode("Add", ["count", "one"], ["counted"]),
      ],
      inputs: [makeValueInfo("x", "float32", ["n", SIZE]), makeValueInfo("count", "float32", [1])],
      outputs: [makeValueInfo("y", "float32", ["n", SIZE]), makeValueInfo("counted", "float32", [1])],
      initializers: [
        makeTensor("w", float32(new Float32Array(SIZE * SIZE).fill(0.001), [SIZE, SIZE])),
        makeTensor("one", float32([1], [1])),
      ],
    }),
  );
const ROWS = { x: float32(new Float32Array(SIZE * SIZE), [SIZE, SIZE]) };
const SLOW = { ...ROWS, count: float32([0], [1]) };
const X = { x: float32([1, 2], [2]) };

describe("a runtime whose worker is lost", () => {
  const workers: Worker[] = [];
  const remember = (worker: Worker) => workers.push(worker);
  let runtime: Runtime;
  beforeEach(async () => {
    process.on("worker", remember);
    runtime = await Runtime.start("cpu");
  });
  afterEach(async () => {
    process.off("worker", remember);
    workers.length = 0;
    await runtime.dispose();
  });
  const kill = () => workers.at(-1)!.terminate();
  /** A message that no client sends: the thread ends on it as on any other fault, once the run that is under way is over. */
  const crash = () => workers.at(-1)!.postMessage(null);

  it("says so to the run that was cut short, and opens its sessions anew for the next", async () => {
    const [fast, slow] = [await runtime.open(probeGraph(), "fast"), await runtime.open(slowGraph(), "slow")];
    expect([...((await fast.run(X)).y.data as Float32Array)]).to.deep.equal([2, 4]);
    const running = slow.run(SLOW);
    const queued = [fast.run(X).catch((e) => e), fast.run(X).catch((e) => e)];
    await new Promise((resolve) => setTimeout(resolve, 30));
    crash();
    expect((await running).y.dims).to.deep.equal([SIZE, SIZE]);
    for (const error of await Promise.all(queued)) {
      expect(error).to.be.instanceOf(WorkerLostError);
      expect(error.message).to.match(
        /^the thread that runs the model stopped \(.*\)\. Run it again: the model is reloaded/,
      );
    }
    expect([...((await fast.run(X)).y.data as Float32Array)]).to.deep.equal([2, 4]);
    expect(workers).to.have.length(2);
    expect((await slow.run(SLOW)).y.dims).to.deep.equal([SIZE, SIZE]);
  });

  it("survives a loss while nothing runs, without a word: nothing was lost", async () => {
    const session = await runtime.open(probeGraph(), "probe");
    await session.run(X);
    await kill();
    expect([...((await session.run(X)).y.data as Float32Array)]).to.deep.equal([2, 4]);
    await session.release();
  });

  it("does not start worker after worker when none of them ever runs a graph", async () => {
    const session = await runtime.open(probeGraph(), "probe");
    await kill();
    for (let i = 0; i < 3; i++) expect(await session.run(X).catch((e) => e)).to.be.instanceOf(WorkerLostError);
    expect(workers).to.have.length(1);
  });

  it("names the loss to whoever kept state in the lost worker", async () => {
    const session = await runtime.open(probeGraph(), "probe");
    await session.run(X);
    const state = runtime.state();
    await state.put(X);
    await kill();
    expect(await state.get().catch((e) => e)).to.be.instanceOf(WorkerLostError);
  });

  it("says why, where the end follows at once", async () => {
    const asked = runtime
      .state()
      .put(X)
      .catch((e) => e);
    // In one breath, as Node tells of a thread whose memory has run out.
    workers.at(-1)!.emit("error", new Error("reached its memory limit"));
    workers.at(-1)!.emit("exit", 1);
    expect((await asked).message).to.contain("stopped (reached its memory limit)");
    await kill();
  });

  it("refuses to run after it was disposed", async () => {
    const session = await runtime.open(probeGraph(), "probe");
    await runtime.dispose();
    const error = await session.run(X).catch((e) => e);
    expect(error).to.be.instanceOf(WorkerLostError);
    expect(error.message).to.contain("it was disposed. Load the model again.");
  });

  it("lets the run that is under way end before it is disposed", async () => {
    const session = await runtime.open(slowGraph(), "slow");
    const run = session.run(SLOW).catch((e) => e);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await runtime.dispose();
    expect(await run).to.be.instanceOf(WorkerLostError);
  });

  it("takes a run that ends with a lost device for just that, and opens its sessions anew in another thread", async () => {
    // The engine's own message of a failed run holds the node's name: what a driver would say arrives on the same way.
    const failing = writeModel(
      makeModel({
        nodes: [makeNode("Reshape", ["x", "shape"], ["y"], {}, "VK_ERROR_DEVICE_LOST")],
        inputs: [makeValueInfo("x", "float32", ["n"]), makeValueInfo("shape", "int64", [1])],
        outputs: [makeValueInfo("y", "float32", ["m"])],
      }),
    );
    const [session, other] = [await runtime.open(failing, "failing"), await runtime.open(probeGraph(), "other")];
    const good = { ...X, shape: int64([2], [1]) };
    expect((await session.run(good)).y.dims).to.deep.equal([2]);
    const state = runtime.state();
    await state.put(X);
    const [cut, queued] = await Promise.all(
      [session.run({ ...X, shape: int64([3], [1]) }), other.run(X)].map((run) => run.catch((error) => error)),
    );
    for (const error of [cut, queued, await state.get().catch((reason) => reason)]) {
      expect(error).to.be.instanceOf(DeviceLostError);
      expect(error.message).to.match(
        /^device "webgpu": it was lost during a run \(.*DEVICE_LOST.*\)\. Run it again to reload the model there/,
      );
    }
    expect((await session.run(good)).y.dims).to.deep.equal([2]);
    expect([...((await other.run(X)).y.data as Float32Array)]).to.deep.equal([2, 4]);
    expect(workers).to.have.length(2);
  });

  it("knows a lost graphics device by what engines and drivers say", () => {
    for (const message of [
      "WebGPU device lost (2): Device was destroyed.",
      "[WebGPU] vkQueueSubmit failed with VK_ERROR_DEVICE_LOST",
      "DXGI_ERROR_DEVICE_REMOVED: The GPU device instance has been suspended",
      "Device is lost",
    ])
      expect(saysDeviceLost(message), message).to.equal(true);
    for (const message of ["Missing Input: x", "Failed to get a WebGPU adapter", "invalid dimensions"])
      expect(saysDeviceLost(message), message).to.equal(false);
  });
});

describe("calling runs off", () => {
  it("drops what has not begun and returns at once from what has, within 100 ms", async () => {
    await using runtime = await Runtime.start("cpu");
    const slow = await runtime.open(slowGraph(), "slow");
    const state = runtime.state();
    await state.put({ count: float32([0], [1]) });
    const counting = state.use({ count: "count" }, { counted: "count" });
    const stop = new AbortController();
    const call = () => slow.run(ROWS, { ...counting, signal: stop.signal }).catch((e) => e);
    const runs = Array.from({ length: 5 }, call);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const raised = performance.now();
    stop.abort();
    const errors = await Promise.all(runs);
    const took = performance.now() - raised;
    for (const error of errors) expect(error).to.be.instanceOf(CancelledError);
    expect(took).to.be.lessThan(100);
    // The one that was under way ends unheard; the four behind it never began.
    expect([...(await state.get()).count.data]).to.deep.equal([1]);
    await state.dispose();
  });

  it("refuses to begin when the signal was raised before", async () => {
    await using runtime = await Runtime.start("cpu");
    const session = await runtime.open(probeGraph(), "probe");
    expect(await session.run(X, { signal: AbortSignal.abort() }).catch((e) => e)).to.be.instanceOf(CancelledError);
    expect((await session.run(X)).y.data[0]).to.equal(2);
  });

  it("leaves other runs of the same session alone", async () => {
    await using runtime = await Runtime.start("cpu");
    const session = await runtime.open(probeGraph(), "probe");
    const stop = new AbortController();
    const [a, b] = [session.run(X, { signal: stop.signal }).catch((e) => e), session.run(X)];
    stop.abort();
    expect(await a).to.be.instanceOf(CancelledError);
    expect((await b).y.data[1]).to.equal(4);
  });
});

describe("asking for some outputs", () => {
  it("returns those alone", async () => {
    await using runtime = await Runtime.start("cpu");
    const model = makeModel({
      nodes: [makeNode("Neg", ["x"], ["a"]), makeNode("Abs", ["x"], ["b"]), makeNode("Exp", ["x"], ["c"])],
      inputs: [makeValueInfo("x", "float32", [1])],
      outputs: ["a", "b", "c"].map((name) => makeValueInfo(name, "float32", [1])),
    });
    const session = await runtime.open(writeModel(model), "three");
    expect(Object.keys(await session.run({ x: float32([-1], [1]) }))).to.deep.equal(["a", "b", "c"]);
    expect(await session.run({ x: float32([-1], [1]) }, { outputs: ["b"] })).to.deep.equal({ b: float32([1], [1]) });
  });
});
