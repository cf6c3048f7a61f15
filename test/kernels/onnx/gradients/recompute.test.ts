import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  crossEntropy,
  exampleFeeds,
  findSites,
  gradientGraph,
  GradientRequestError,
  inferTrace,
  readModel,
} from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { int64 } from "../../../../kernels/tensor.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { FAMILIES, familyFeeds, PLAIN_GRAPHS } from "../family-feeds.ts";
import { expectNear } from "../near.ts";
import { projectionModel } from "../projection-model.ts";
import { readSafetensors } from "../read-safetensors.ts";
import { openGraph } from "../run-graph.ts";
import { seededValues } from "../seeded-values.ts";

const DECODER = "models/vqarad-tiny-vlm/onnx/decoder_model_merged.onnx";
const sizes = { batch_size: 2, sequence_length: 3, past_sequence_length: 2, total_sequence_length: 5 };

const run = async (model: OnnxModel, feeds: Record<string, Tensor>, optimise: "all" | "disabled") => {
  const graph = await openGraph(model, { graphOptimizationLevel: optimise });
  try {
    return await graph.run(feeds);
  } finally {
    await graph.release();
  }
};
const copies = (model: OnnxModel) => model.graph.node.filter((node) => node.name.endsWith("/again"));

describe("recomputation", () => {
  it("is refused where there are no layers", () => {
    const { model } = projectionModel("float64");
    const trace = inferTrace(model, { x: seededValues("float64", [2, 3], 1, 1) });
    expect(() => gradientGraph(model, { outputs: ["y"], targets: ["W1"], trace, recompute: "layers" })).to.throw(
      GradientRequestError,
      "recompute: the graph has no layers",
    );
  });
});

describeWithShared("recomputation in real graphs", [DECODER, FAMILIES], () => {
  const feedsOf = (model: OnnxModel) =>
    exampleFeeds(model, { ...sizes, sequence_length: 5, past_sequence_length: 0 }, {
      inputs_embeds: seededValues("float32", [2, 5, 128], 0.3, 11),
      position_ids: int64([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], [2, 5]),
    }); // prettier-ignore

  it("gives the decoder's gradients bit for bit, optimised or not, and computes each layer twice", async () => {
    const model = crossEntropy(readModel(readFileSync(shared(DECODER)), DECODER));
    const trace = inferTrace(model, exampleFeeds(model, sizes));
    const targets = [...findSites(model).flatMap((site) => site.weight || []), "inputs_embeds"];
    const request = { loss: "loss", targets, trace } as const;
    const [kept, again] = [gradientGraph(model, request), gradientGraph(model, { ...request, recompute: "layers" })];
    expect(copies(kept)).to.have.length(0);
    // Attention and MLP of the first layer and of the second; the last block needs no copy.
    expect(copies(again).filter((node) => node.opType === "Softmax")).to.have.length(2);
    for (const optimise of ["disabled", "all"] as const) {
      const [wanted, got] = [await run(kept, feedsOf(model), optimise), await run(again, feedsOf(model), optimise)];
      for (const name of Object.keys(wanted))
        if (optimise === "disabled") expect(got[name].data, name).to.deep.equal(wanted[name].data);
        else expectNear(got[name].data, wanted[name].data, "float32", name);
    }
  });

  it("keeps no activation of the recomputed blocks for the backward pass", () => {
    const model = crossEntropy(readModel(readFileSync(shared(DECODER)), DECODER));
    const trace = inferTrace(model, exampleFeeds(model, sizes));
    const backward = gradientGraph(model, { loss: "loss", targets: ["inputs_embeds"], trace, recompute: "layers" });
    const forward = new Set(model.graph.node.flatMap((node) => node.output));
    const probabilities = model.graph.node.filter((node) => node.opType === "Softmax").map((node) => node.output[0]);
    for (const value of probabilities) {
      const readers = backward.graph.node.filter((node) => node.input.includes(value));
      expect(
        readers.every((node) => node.output.every((output) => forward.has(output))),
        value,
      ).to.equal(true);
    }
  });

  for (const [family, file] of PLAIN_GRAPHS.filter(([, name]) => name === "model.onnx"))
    it(`${family}: the same gradients with and without`, async () => {
      const read = readModel(readFileSync(shared(FAMILIES, family, file)), file);
      const model = read.graph.output[0].name === "logits" ? crossEntropy(read) : read;
      const inputs = readSafetensors(shared(FAMILIES, family, "inputs.safetensors"));
      const reference = readSafetensors(shared(FAMILIES, family, "reference.safetensors"));
      // A case with reference gradients, whose targets they name; a batch of one cannot be traced.
      const cases = [...reference.keys()].flatMap((key) => /^(.*)\/grad\//.exec(key)?.[1] ?? []);
      const name = cases.find((found) => found !== "single")!;
      const feeds = familyFeeds(inputs, name, model);
      const trace = inferTrace(model, feeds);
      const targets = [...reference.keys()].flatMap((key) => new RegExp(`^${name}/grad/(.*)`).exec(key)?.[1] ?? []);
      const outputs = model === read ? read.graph.output.map((output) => output.name) : [];
      for (const output of outputs) feeds[`cotangent:${output}`] = inputs.get(`${name}/cotangent.${output}`)!;
      const request = { ...(outputs.length ? { outputs } : { loss: "loss" }), targets, trace };
      const again = gradientGraph(model, { ...request, recompute: "layers" });
      expect(copies(again).length).to.be.above(10);
      const [wanted, got] = [
        await run(gradientGraph(model, request), feeds, "disabled"),
        await run(again, feeds, "disabled"),
      ];
      for (const target of targets)
        expect(got[`grad:${target}`].data, target).to.deep.equal(wanted[`grad:${target}`].data);
    });
});
