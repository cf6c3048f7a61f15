import { existsSync } from "node:fs";
import { expect } from "chai";
import { llama } from "../../../../kernels/onnx/build/index.ts";
import { crossEntropy } from "../../../../kernels/onnx/index.ts";
import { Runtime } from "../../../../kernels/runtime/runtime.ts";
import { padSequences, train } from "../../../../kernels/runtime/training/index.ts";

// A software Vulkan driver that comes with Debian's Chromium: it shows that WebGPU works, never how fast it is.
const DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LOADER = ["/usr/lib/x86_64-linux-gnu/libvulkan.so.1", "/lib/x86_64-linux-gnu/libvulkan.so.1"];
const available = existsSync(DRIVER) && LOADER.some((path) => existsSync(path));
const title = "training on WebGPU (software driver)";

describe(available ? title : `${title} [skipped: needs Debian's chromium and libvulkan1 for SwiftShader]`, () => {
  const before = process.env.VK_ICD_FILENAMES;
  beforeEach(function () {
    if (!available) this.skip();
    process.env.VK_ICD_FILENAMES = DRIVER;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.VK_ICD_FILENAMES;
    else process.env.VK_ICD_FILENAMES = before;
  });

  it("takes the steps that the CPU takes: forward, gradients, clipping and AdamW in one graph", async function () {
    this.timeout(240_000);
    const losses = async (device: "cpu" | "webgpu") => {
      const runtime = await Runtime.start(device);
      try {
        const { model, parameters } = llama({ vocabulary: 8, width: 16, layers: 1, heads: 2, inner: 24 }, { seed: 2 });
        const result = await train(runtime, {
          model: crossEntropy(model),
          parameters: [...parameters.keys()],
          optimiser: { kind: "adamw", lr: 0.01 },
          data: { items: [[0, 1, 2, 3], [0, 4, 5], [0, 6, 7, 1, 2]], collate: (items) => padSequences(items) }, // prettier-ignore
          batchSize: 3,
          steps: 4,
          clip: { norm: 1 },
        });
        return result.losses;
      } finally {
        await runtime.dispose();
      }
    };
    const [cpu, gpu] = [await losses("cpu"), await losses("webgpu")];
    expect(cpu[3]).to.be.below(cpu[0] - 0.2);
    cpu.forEach((loss, i) => expect(gpu[i]).to.be.closeTo(loss, 1e-4));
  });
});
