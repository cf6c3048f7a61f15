import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { probeGraph } from "../../../kernels/onnx/probe-graph.ts";
import { Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32 } from "../../../kernels/tensor.ts";

describe("leaving", () => {
  it("in the middle of a run keeps the exit code and says nothing", () => {
    const child = join(import.meta.dirname, "exit-child.ts");
    const { status, stderr, stdout } = spawnSync(process.execPath, ["--import", "tsx", child], { encoding: "utf8" });
    expect({ status, stderr, stdout }).to.deep.equal({ status: 3, stderr: "", stdout: "" });
  });

  it("is not kept waiting by a request that could not be sent, nor are other requests", async () => {
    await using runtime = await Runtime.start("cpu");
    const session = await runtime.open(probeGraph(), "probe");
    const gone = float32([1, 2], [2]);
    structuredClone(gone.data.buffer, { transfer: [gone.data.buffer as ArrayBuffer] });
    const error = await session.run({ x: gone }).catch((e) => e);
    expect(error).to.be.instanceOf(Error);
    expect((await session.run({ x: float32([1], [1]) })).y.data[0]).to.equal(2);
  });
});
