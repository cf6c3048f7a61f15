import { GraphBuilder } from "../../../../onnx/build/index.ts";
import type { BuilderOptions, BuiltModel } from "../../../../onnx/build/index.ts";
import type { Tensor } from "../../../../tensor.ts";
import { PHANTOM } from "../../config.ts";
import { imageTower } from "./image-tower.ts";
import { textTower } from "./text-tower.ts";

/** The two graphs of a transformers.js folder, with trained weights in them. Weights that neither has are left out. */
export function towerGraphs(
  vocabulary: number,
  weights: Readonly<Record<string, Tensor>>,
): Record<"text_model" | "vision_model", BuiltModel> {
  const pick = (...prefixes: string[]): BuilderOptions => ({
    weights: new Map(Object.entries(weights).filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)))),
  });
  return {
    text_model: textGraph(vocabulary, pick("text_model.", "text_projection.")),
    vision_model: visionGraph(pick("vision_model.", "visual_projection.")),
  };
}

function textGraph(vocabulary: number, options: BuilderOptions): BuiltModel {
  const g = new GraphBuilder(options);
  const dims = ["batch_size", "sequence_length"];
  const ids = g.input("input_ids", "int64", dims);
  g.output("text_embeds", textTower(g, ids, g.input("attention_mask", "int64", dims), vocabulary));
  return g.finish();
}

function visionGraph(options: BuilderOptions): BuiltModel {
  const g = new GraphBuilder(options);
  const pixels = g.input("pixel_values", "float32", ["batch_size", 3, PHANTOM.image, PHANTOM.image]);
  g.output("image_embeds", imageTower(g, pixels).embedding);
  return g.finish();
}
