import { existsSync } from "node:fs";
import { expect } from "chai";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";

// A software Vulkan driver that comes with Debian's Chromium: it shows that WebGPU works, never how fast it is.
const DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LOADER = ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/lib/x86_64-linux-gnu/libvulkan.so.1"];
const available = existsSync(DRIVER) && LOADER.some((path) => existsSync(path));
const title = "a model on WebGPU (software driver)";
const reason = "[skipped: needs Debian's chromium and libvulkan1 for SwiftShader]";

describeWithShared(available ? title : `${title} ${reason}`, TINY_VLM, () => {
  const before = { driver: process.env.VK_ICD_FILENAMES };
  let cpu: VisionLanguageModel;
  let gpu: VisionLanguageModel | undefined;

  beforeEach(function () {
    if (!available) this.skip();
  });
  after(async () => {
    await cpu?.dispose();
    await gpu?.dispose();
    if (before.driver === undefined) delete process.env.VK_ICD_FILENAMES;
    else process.env.VK_ICD_FILENAMES = before.driver;
  });

  it("scores answers and computes gradients as the CPU does", async function () {
    this.timeout(240_000);
    process.env.VK_ICD_FILENAMES = DRIVER;
    cpu = await loadTinyVlm();
    gpu = await loadModel(shared("models/vqarad-tiny-vlm"), { device: "webgpu" });
    expect(gpu.device).to.include({ device: "webgpu" });
    expect(gpu.device.reason).to.include("SwiftShader");
    const [edited] = await tinyCases(cpu, 1);
    const [a, b] = [await cpu.score(edited, edited.target), await gpu.score(edited, edited.target)];
    // Single precision with other summation orders over two layers; the largest difference seen is 2e-3 nats.
    a.logprobs.forEach((value, i) => expect(b.logprobs[i]).to.be.closeTo(value, 1e-2));
    const site = "layers.1.mlp.down_proj";
    const zero = { [site]: float32(new Float32Array(384 * 128), [384, 128]) };
    const step = async (model: VisionLanguageModel) =>
      (await model.lossProgram([site])).run(edited, edited.target, zero);
    const [x, y] = [await step(cpu), await step(gpu)];
    const difference = Math.hypot(...x.gradients[site].data.map((value, i) => value - y.gradients[site].data[i]));
    expect(difference / Math.hypot(...x.gradients[site].data)).to.be.lessThan(5e-3);
  });

  it("is left for the CPU by auto, which says why", async () => {
    process.env.VK_ICD_FILENAMES = DRIVER;
    const model = await loadModel(shared("models/vqarad-tiny-vlm"), { device: "auto" });
    expect(model.device).to.include({ requested: "auto", device: "cpu" });
    expect(model.device.reason).to.include("SwiftShader, which is software");
    await model.dispose();
  });
});
