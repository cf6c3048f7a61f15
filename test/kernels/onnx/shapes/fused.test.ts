import { readFileSync } from "node:fs";
import { expect } from "chai";
import {
  declared,
  exampleFeeds,
  feedInputs,
  gradientGraph,
  inferTrace,
  readModel,
  trace,
} from "../../../../kernels/onnx/index.ts";
import { lower } from "../../../../kernels/onnx/lowering/index.ts";
import { describeWithShared, shared } from "../../../shared-data.ts";
import { FAMILIES, familyFeeds } from "../family-feeds.ts";
import { readSafetensors } from "../read-safetensors.ts";
import { openGraph } from "../run-graph.ts";

const GEMMA = "models/onnx-graph-only/gemma3-4b-vlm";
const FUSED = [
  ["llama", "model_fused.onnx", "fused_prefill"], ["llama", "model_q4.onnx", "plain"],
  ["qwen2", "model_fused.onnx", "fused_prefill"], ["qwen2", "model_q4.onnx", "fused_prefill"],
  ["qwen3", "model_fused.onnx", "fused_prefill"], ["gemma2", "model_fused.onnx", "fused_prefill"],
  ["gemma3-text", "model_fused.onnx", "fused_prefill"], ["bert", "model_fused.onnx", "plain"],
  ["bert", "model_int8.onnx", "plain"], ["clip-vision", "model_fused.onnx", "batch"], ["siglip-vision", "model_fused.onnx", "batch"],
  ["siglip-vision", "model_mha.onnx", "batch"], ["vit", "model_fused.onnx", "batch"],
]; // prettier-ignore

describeWithShared("inferred traces of fused and quantised graphs", [FAMILIES], () => {
  for (const [family, file, name] of FUSED)
    it(`${family} ${file}: outputs as a run gives them, every value of its lowered form as traced`, async () => {
      const model = readModel(readFileSync(shared(FAMILIES, family, file)), file);
      const feeds = familyFeeds(readSafetensors(shared(FAMILIES, family, "inputs.safetensors")), name, model);
      const graph = await openGraph(model);
      try {
        const inferred = inferTrace(model, feeds);
        for (const [output, { type, dims }] of Object.entries(await graph.run(feeds)))
          expect(inferred.get(output), output).to.deep.include({ type, dims: [...dims] });
      } finally {
        await graph.release();
      }
      const lowered = lower(model);
      const run = async (bytes: Uint8Array, given: typeof feeds) => {
        const opened = await openGraph(bytes);
        try {
          return await opened.run(given);
        } finally {
          await opened.release();
        }
      };
      const [seen, inferred] = [await trace(lowered, feeds, run), inferTrace(lowered, feeds)];
      for (const [value, { type, dims }] of seen)
        expect(inferred.get(value), value).to.deep.include({ type, dims: [...dims] });
    });
});

describeWithShared("inferred traces of a 4-billion-parameter model whose weights are absent", [GEMMA], () => {
  const sizes = {
    batch_size: 2, sequence_length: 3, past_sequence_length: 2, total_sequence_length: 5, num_logits_to_keep: 1, height: 896, width: 896,
  }; // prettier-ignore
  for (const file of ["decoder_model_merged", "decoder_model_merged_fp16", "vision_encoder", "vision_encoder_fp16"])
    it(`${file}: declared outputs as inferred, and a gradient graph for its first input`, () => {
      const model = lower(readModel(readFileSync(shared(GEMMA, `${file}.onnx`)), file));
      const inferred = inferTrace(model, exampleFeeds(model, sizes));
      for (const output of model.graph.output) {
        const { type, dims } = declared(output);
        const wanted = dims!.map((dim) => (typeof dim === "string" ? sizes[dim as keyof typeof sizes] : dim));
        const got = inferred.get(output.name)!;
        expect(got.type).to.equal(type);
        expect(got.dims.length, output.name).to.equal(wanted.length);
        wanted.forEach((size, axis) => size !== undefined && expect(got.dims[axis], output.name).to.equal(size));
      }
      const target = feedInputs(model)[0].name;
      const backward = gradientGraph(model, {
        outputs: [model.graph.output[0].name],
        targets: [target],
        trace: inferred,
      });
      expect(backward.graph.output.map((output) => output.name)).to.deep.equal([`grad:${target}`]);
      expect(backward.graph.node.length).to.be.above(model.graph.node.length);
    });

  it("4-bit graphs are inferred as they are, without their weights", () => {
    for (const file of [
      "decoder_model_merged_q4",
      "vision_encoder_q4",
      "embed_tokens_q4",
      "decoder_model_merged_quantized",
    ]) {
      const model = readModel(readFileSync(shared(GEMMA, `${file}.onnx`)), file);
      const inferred = inferTrace(model, exampleFeeds(model, sizes));
      const { name } = model.graph.output[0];
      expect(inferred.get(name)!.dims.length, file).to.equal(declared(model.graph.output[0]).dims!.length);
    }
  });
});
