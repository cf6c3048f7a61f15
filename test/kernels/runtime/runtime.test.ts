import { existsSync } from "node:fs";
import { expect } from "chai";
import { probeGraph } from "../../../kernels/onnx/probe-graph.ts";
import { ModelFileError, Runtime } from "../../../kernels/runtime/runtime.ts";
import { float32 } from "../../../kernels/tensor.ts";

describe("runtime", () => {
  let runtime: Runtime;
  before(async () => {
    runtime = await Runtime.start("cpu");
  });
  after(() => runtime.dispose());

  it("runs a graph in the worker and leaves the caller's feeds intact", async () => {
    const session = await runtime.open(probeGraph(), "probe");
    const x = float32([1, 2, 3], [3]);
    const { y } = await session.run({ x });
    expect([...(y.data as Float32Array)]).to.deep.equal([2, 4, 6]);
    expect([...x.data]).to.deep.equal([1, 2, 3]);
    await session.release();
  });

  it("keeps the caller's thread free while a session runs", async () => {
    const session = await runtime.open(probeGraph(), "probe");
    const run = session.run({ x: float32(new Float32Array(4_000_000), [4_000_000]) });
    // Had the thread computed by itself, the run would be over before the event loop turns once; however short it is, a worker's answer
    // comes after that.
    let turned = false;
    setImmediate(() => (turned = true));
    await run;
    expect(turned).to.equal(true);
    await session.release();
  });

  it("names the file that ONNX Runtime refuses", async () => {
    const error = await runtime.open(new Uint8Array([1, 2, 3]), "decoder.onnx").catch((e) => e);
    expect(error).to.be.instanceOf(ModelFileError);
    expect(error.message).to.match(
      /^decoder\.onnx: ONNX Runtime cannot load this model .*\. Download or export the file again\.$/,
    );
  });

  const swiftshader = "/usr/lib/chromium/vk_swiftshader_icd.json";
  const title = "is not talked into a software GPU by the manifest of a hardware driver that is not there";
  const missing = existsSync(swiftshader) ? "" : " [skipped: needs SwiftShader from Debian's chromium]";
  it(`${title}${missing}`, async function () {
    if (missing) return this.skip();
    const before = process.env.VK_ICD_FILENAMES;
    process.env.VK_ICD_FILENAMES = `${swiftshader}:/usr/share/vulkan/icd.d/absent_hardware_icd.json`;
    try {
      const auto = await Runtime.start("auto");
      expect(auto.device.device).to.equal("cpu");
      await auto.dispose();
    } finally {
      if (before === undefined) delete process.env.VK_ICD_FILENAMES;
      else process.env.VK_ICD_FILENAMES = before;
    }
  });

  it("says which device auto took and why", async () => {
    const auto = await Runtime.start("auto");
    expect(auto.device.requested).to.equal("auto");
    expect(auto.device.reason).to.have.length.greaterThan(10);
    await auto.dispose();
  });
});
