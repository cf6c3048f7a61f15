import { GraphBuilder, llama, tokenEmbeddings } from "../../../onnx/build/index.ts";
import type { BuiltModel } from "../../../onnx/build/index.ts";
import type { Tensor } from "../../../tensor.ts";
import { PHANTOM } from "../config.ts";
import { projector, visionEncoder } from "./vision-encoder.ts";

/** The three graphs of a transformers.js folder, with trained weights in them. Weights that none of them has are left out. */
export function inferenceGraphs(
  vocabulary: number,
  weights: Readonly<Record<string, Tensor>>,
): Record<"vision_encoder" | "embed_tokens" | "decoder_model_merged", BuiltModel> {
  const pick = (wanted: (name: string) => boolean) => ({
    weights: new Map(Object.entries(weights).filter(([name]) => wanted(name))),
  });
  const isTable = (name: string) => name.startsWith("model.embed_tokens.");
  const isDecoder = (name: string) => !isTable(name) && (name.startsWith("model.") || name.startsWith("lm_head."));
  const isVision = (name: string) => name.startsWith("vision_model.") || name.startsWith("multi_modal_projector.");
  const { width } = PHANTOM.decoder;
  return {
    vision_encoder: visionGraph(pick(isVision)),
    embed_tokens: tokenEmbeddings({ vocabulary, width }, pick(isTable)),
    decoder_model_merged: llama({ ...PHANTOM.decoder, vocabulary, inputs: "embeds", cache: true }, pick(isDecoder)),
  };
}

function visionGraph(options: { weights: Map<string, Tensor> }): BuiltModel {
  const g = new GraphBuilder(options);
  const pixels = g.input("pixel_values", "float32", ["batch_size", 3, PHANTOM.image, PHANTOM.image]);
  g.output("image_features", projector(g, visionEncoder(g, pixels)));
  return g.finish();
}
