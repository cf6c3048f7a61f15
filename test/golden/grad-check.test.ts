import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { BOUND, checkGraph } from "../../kernels/commands/grad-check/check-graph.ts";
import { openGraph } from "../../kernels/commands/model-graphs.ts";
import { Runtime } from "../../kernels/runtime/runtime.ts";
import { MODELS_DIR } from "./golden-folders.ts";

const GRAPHS = [
  "tinystories-656k/onnx/model.onnx",
  "vqarad-tiny-vlm/onnx/decoder_model_merged.onnx",
  // Twenty-four images a step, because of its many kinks: the slowest of all.
  "vqarad-tiny-vlm/onnx/vision_encoder.onnx",
].filter((path) => existsSync(join(MODELS_DIR, path)));

if (GRAPHS.length)
  describe("gradients of whole models against differences in float32", () => {
    let runtime: Runtime;
    before(async () => {
      runtime = await Runtime.start("cpu");
    });
    after(() => runtime.dispose());

    for (const path of GRAPHS)
      it(`${path}: worst relative error below ${BOUND}`, async () => {
        const file = join(MODELS_DIR, path);
        const results = await checkGraph(runtime, await openGraph(file), { seed: 0, directions: 1, where: path });
        expect(results.length).to.be.above(2);
        for (const { target, error, worst } of results) {
          expect(error, `${target}: ${error?.message}`).to.equal(undefined);
          expect(worst!.error, target).to.be.below(BOUND);
        }
      }).timeout(600_000);
  });
