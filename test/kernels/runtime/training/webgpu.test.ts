import { expect } from "chai";
import { llama } from "../../../../kernels/onnx/build/index.ts";
import { crossEntropy } from "../../../../kernels/onnx/index.ts";
import { Runtime } from "../../../../kernels/runtime/runtime.ts";
import { padSequences, train } from "../../../../kernels/runtime/training/index.ts";
import { onSoftwareWebgpu, useSoftwareWebgpu } from "../../software-webgpu.ts";

describe(onSoftwareWebgpu("training on WebGPU (software driver)"), () => {
  useSoftwareWebgpu();

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
