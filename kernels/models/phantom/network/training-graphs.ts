import { GraphBuilder, embedding, linear, llamaLayers, normal, rotaryAngles } from "../../../onnx/build/index.ts";
import type { BuilderOptions, BuiltModel, Float } from "../../../onnx/build/index.ts";
import { crossEntropy, makeNode, makeValueInfo } from "../../../onnx/index.ts";
import { shallowCopy, withGraph } from "../../../onnx/graph.ts";
import { IMAGE_TOKENS, PHANTOM } from "../config.ts";
import { DENSE_CLASSES } from "../training/dense-targets.ts";
import { projector, visionEncoder } from "./vision-encoder.ts";

const pixelsOf = (g: GraphBuilder): Float =>
  g.input("pixel_values", "float32", ["batch_size", 3, PHANTOM.image, PHANTOM.image]);

/**
 * Mean binary cross-entropy of what is seen in each of the 64 places, from encoder features: log(1 + e^x) - x·y, in nats.
 * Written as relu(x) + log(1 + e^-|x|), which does not overflow.
 */
export function denseLoss(g: GraphBuilder, features: Float): Float {
  const x = linear(g, "dense_head", features, DENSE_CLASSES.length, { initialise: normal(0.02) });
  const y = g.input("dense_targets", "float32", ["batch_size", IMAGE_TOKENS, DENSE_CLASSES.length]);
  const absolute = g.add(g.relu(x), g.relu(g.neg(x)));
  const soft = g.add(g.relu(x), g.log(g.add(g.exp(g.neg(absolute)), 1)));
  const weights = g.input("dense_weights", "float32", ["batch_size", IMAGE_TOKENS, DENSE_CLASSES.length]);
  return g.div(g.total(g.mul(weights, g.sub(soft, g.mul(x, y)))), g.total(weights));
}

/** First stage: the encoder's stem alone learns to say what is where. Inputs: pixel_values, dense_targets, dense_weights. Output: loss. */
export function visionStage(options?: BuilderOptions): BuiltModel {
  const g = new GraphBuilder(options);
  g.output("loss", denseLoss(g, visionEncoder(g, pixelsOf(g), 0)));
  return g.finish();
}

/**
 * Second and third stage: encoder, projector and decoder learn to answer. A row is one image and the tokens of several questions; which of them
 * see the image, and that none sees another, is in the mask.
 *
 * Inputs: pixel_values; dense_targets; input_ids [batch, 1 + text], the first being <bos>; attention_bias [batch, 1, all, all] and
 * position_ids [batch, all] with all = 1 + 64 + text; labels and loss_weights [batch, text].
 * Output: loss = cross-entropy of the answers + `denseShare` × dense loss; answer_loss; logprobs.
 */
export function languageStage(
  vocabulary: number,
  text: number,
  denseShare: number,
  options?: BuilderOptions,
): BuiltModel {
  const g = new GraphBuilder(options);
  const all = 1 + IMAGE_TOKENS + text;
  const features = visionEncoder(g, pixelsOf(g));
  const ids = g.input("input_ids", "int64", ["batch_size", 1 + text]);
  const mask = g.input("attention_bias", "float32", ["batch_size", 1, all, all]);
  const positions = g.input("position_ids", "int64", ["batch_size", all]);
  g.output("dense_loss", g.mul(denseLoss(g, features), denseShare));
  const image = projector(g, features);
  const { deviations } = PHANTOM;
  const { width, heads, rotaryBase } = PHANTOM.decoder;
  const rotary = rotaryAngles(g, positions, width / heads, rotaryBase);
  const hidden = g.scope("model", () => {
    const words = embedding(g, "embed_tokens", ids, vocabulary, width, normal(deviations.table));
    const embeds = g.concat([g.slice(words, 1, 0, 1), image, g.slice(words, 1, 1, 1 + text)], 1);
    return llamaLayers(g, embeds, { ...PHANTOM.decoder, deviations }, { mask, rotary });
  });
  const answers = g.slice(hidden, 1, 1 + IMAGE_TOKENS, all);
  g.output("logits", linear(g, "lm_head", answers, vocabulary, { bias: false, initialise: normal(0.02) }));
  const { model, parameters } = g.finish();
  return { model: addDenseLoss(crossEntropy(model)), parameters };
}

/** A graph with the outputs `loss` (of answers) and `dense_loss`: the former becomes `answer_loss`, and `loss` the sum of both. */
export function addDenseLoss(model: BuiltModel["model"]): BuiltModel["model"] {
  const { graph } = model;
  const renamed = graph.node.map((node) =>
    node.output[0] === "loss" ? shallowCopy(node, { output: ["answer_loss"] }) : node,
  );
  return withGraph(model, {
    node: [...renamed, makeNode("Add", ["answer_loss", "dense_loss"], ["loss"], {}, "total_loss")],
    output: [
      ...graph.output.filter(({ name }) => name === "loss" || name === "logprobs"),
      makeValueInfo("answer_loss", "float32", []),
    ],
  });
}
