import { expect } from "chai";
import type { VisionLanguageModel } from "../../../kernels/models/vision-language-model.ts";
import { loadModel } from "../../../kernels/models/load-model.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { onSoftwareWebgpu, useSoftwareWebgpu } from "../software-webgpu.ts";
import { loadTinyVlm, TINY_VLM, tinyCases } from "../tiny-vlm.ts";
import { lossAt } from "./loss-at.ts";

describeWithShared(onSoftwareWebgpu("a model on WebGPU (software driver)"), TINY_VLM, () => {
  useSoftwareWebgpu();
  let cpu: VisionLanguageModel;
  let gpu: VisionLanguageModel | undefined;

  after(async () => {
    await cpu?.dispose();
    await gpu?.dispose();
  });

  it("scores answers and computes gradients as the CPU does", async function () {
    this.timeout(240_000);
    cpu = await loadTinyVlm();
    gpu = await loadModel(shared("models/vqarad-tiny-vlm"), { device: "webgpu" });
    expect(gpu.device).to.include({ device: "webgpu" });
    expect(gpu.device.reason).to.include("SwiftShader");
    const [edited] = await tinyCases(cpu, 1);
    const [a, b] = [await cpu.score(edited, edited.target), await gpu.score(edited, edited.target)];
    // Single precision with other summation orders over two layers; the largest difference seen is 2e-3 nats.
    a.logprobs.forEach((value, i) => expect(b.logprobs[i]).to.be.closeTo(value, 1e-2));
    const site = "layers.1.mlp.down_proj";
    const step = async (model: VisionLanguageModel) =>
      (await (await lossAt(model, site, edited, edited.target))()).gradient;
    const [x, y] = [await step(cpu), await step(gpu)];
    expect(Math.hypot(...x.map((value, i) => value - y[i])) / Math.hypot(...x)).to.be.lessThan(5e-3);
  });

  it("is left for the CPU by auto, which says why", async () => {
    const model = await loadModel(shared("models/vqarad-tiny-vlm"), { device: "auto" });
    expect(model.device).to.include({ requested: "auto", device: "cpu" });
    expect(model.device.reason).to.include("SwiftShader, which is software");
    await model.dispose();
  });
});
