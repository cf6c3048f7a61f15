import { expect } from "chai";
import { gradCheckCommand } from "../../../kernels/commands/grad-check.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { runCommand } from "./run-command.ts";

const run = (...args: string[]) => runCommand(gradCheckCommand, args);
const TINY = "models/tinystories-656k/onnx/model.onnx";
const DECODER = "models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx";
const VISION = "models/vqarad-tiny-vlm/onnx/vision_encoder.onnx";

describeWithShared("medke grad-check", [TINY, DECODER, VISION], () => {
  it("stays below 1e-3 for every weight and side input of a small language model", async () => {
    const report = JSON.parse(await run(shared(TINY), "--directions", "1", "--json"));
    expect(report.graphs[0].targets).to.have.length(18);
    expect(report.failed).to.deep.equal([]);
    expect(report.worst).to.be.below(1e-3).and.above(0);
    expect(report.device.device).to.equal("cpu");
  });

  it("checks named targets of a decoder with a cache", async () => {
    const targets = "inputs_embeds,layers.0.self_attn.k_proj,side:layers.0.mlp.up_proj:A";
    const text = await run(shared(DECODER), "--targets", targets, "--directions", "1");
    expect(text.match(/ ok$/gm)).to.have.length(3);
    expect(text).to.match(/^worst relative error \d\.\de-\d \(bound 1e-3\)$/m);
  });

  it("checks the projector of a convolutional vision encoder", async () => {
    const report = JSON.parse(await run(shared(VISION), "--targets", "projector", "--directions", "1", "--json"));
    expect(report.worst).to.be.below(1e-3);
  });

  it("gives the same numbers for the same seed, others for another", async () => {
    const worst = async (seed: string) =>
      JSON.parse(await run(shared(DECODER), "--targets", "lm_head", "--directions", "1", "--seed", seed, "--json"))
        .graphs[0].targets[0].worst.analytic;
    expect(await worst("5")).to.equal(await worst("5"));
    expect(await worst("5")).to.not.equal(await worst("6"));
  });

  it("refuses targets for a folder of several graphs", async () => {
    const refusal = await run(shared("models/vqarad-tiny-vlm"), "--targets", "x").catch(
      (error: Error) => error.message,
    );
    expect(refusal).to.match(/^--targets needs one graph, and .* holds 3\./);
  });
});
