import { constant } from "../../../../onnx/build/index.ts";
import type { BuilderOptions, BuiltModel, Float } from "../../../../onnx/build/index.ts";
import { crossEntropy } from "../../../../onnx/index.ts";
import { PHANTOM } from "../../config.ts";
import { addDenseLoss, denseLoss } from "../../network/training-graphs.ts";
import { RETRIEVAL } from "../config.ts";
import { imageTower } from "./image-tower.ts";
import { textTower } from "./text-tower.ts";
import { TiedBuilder } from "./tied-builder.ts";

/** What is brought together, in the order in which logits hold it: a text and its paraphrase, an image and its caption, two images of a scene. */
export const PAIR_KINDS = ["text-text", "image-text", "image-image"] as const;

/**
 * The training graph of both towers: for every kind of pair the symmetric InfoNCE loss, in which each item has to find its partner among
 * those of the whole batch.
 *
 * Inputs: question, paraphrase and caption as `*_ids` and `*_mask` [batch, tokens]; `pixel_values` and `other_pixel_values`
 * [batch, 3, 128, 128]; `same` [3, batch, batch], symmetric, a large negative number where two different rows mean the same, else 0;
 * `dense_targets` and `dense_weights` of the first images; `labels` [6, batch], the row numbers; `loss_weights` [6, batch].
 * Outputs: loss = InfoNCE + `denseShare` × what is where in the first images (see denseLoss), in nats; logprobs [6, batch]: the three
 * kinds of pair forwards, then backwards.
 * Source: arXiv 2103.00020, figure 3 (adapted: three kinds of pair, a temperature for each, false negatives left out).
 */
export function contrastiveGraph(vocabulary: number, denseShare: number, options?: BuilderOptions): BuiltModel {
  const g = new TiedBuilder(options);
  const text = (name: string): Float => {
    const dims = ["batch_size", `${name}_tokens`];
    return textTower(g, g.input(`${name}_ids`, "int64", dims), g.input(`${name}_mask`, "int64", dims), vocabulary);
  };
  const image = (name: string) =>
    imageTower(g, g.input(name, "float32", ["batch_size", 3, PHANTOM.image, PHANTOM.image]));
  const [question, paraphrase, caption] = ["question", "paraphrase", "caption"].map(text);
  const [taken, retaken] = [image("pixel_values"), image("other_pixel_values")];
  g.output("dense_loss", g.mul(denseLoss(g, taken.places), denseShare));
  const pairs = [
    [question, paraphrase],
    [taken.embedding, caption],
    [taken.embedding, retaken.embedding],
  ];
  const similar = pairs.map(([a, b]) => g.unsqueeze(g.matMul(a, g.transpose(b, [1, 0])), 0));
  const scale = g.exp(g.parameter("logit_scale", [pairs.length, 1, 1], constant(Math.log(RETRIEVAL.scale))));
  const same = g.input("same", "float32", [pairs.length, "batch_size", "batch_size"]);
  const scores = g.add(g.mul(g.concat(similar, 0), scale), same);
  g.output("logits", g.concat([scores, g.transpose(scores, [0, 2, 1])], 0));
  const { model, parameters } = g.finish();
  return { model: addDenseLoss(crossEntropy(model)), parameters };
}
