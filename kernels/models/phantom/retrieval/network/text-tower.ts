import { embedding, normal, rotaryAngles } from "../../../../onnx/build/index.ts";
import type { Float, GraphBuilder, Value } from "../../../../onnx/build/index.ts";
import { RETRIEVAL } from "../config.ts";
import { embeddingHead } from "./embedding-head.ts";
import { towerLayers } from "./tower-layers.ts";

/** Large enough that exp gives 0 for padding. */
const HIDDEN = 1e9;

/**
 * Texts as unit vectors: every token sees every other, and the mean over tokens is projected. Padding changes nothing, on whichever side
 * it stands: it is hidden, and rotated positions count by their differences alone.
 *
 * Shapes: ids and mask (1 for tokens, 0 for padding) [batch, tokens]; result [batch, embedding].
 */
export function textTower(g: GraphBuilder, ids: Value<"int64">, mask: Value<"int64">, vocabulary: number): Float {
  const { width, heads, rotaryBase } = RETRIEVAL.text;
  const pooled = g.scope("text_model", () => {
    const words = embedding(g, "embed_tokens", ids, vocabulary, width, normal(0.05));
    const real = g.cast(mask, "float32");
    const hidden = g.unsqueeze(g.unsqueeze(g.mul(g.sub(real, 1), HIDDEN), 1), 1);
    const length = g.node("Squeeze", [g.sizes(ids, [1]), g.ints([0])], "int64", []);
    const places = g.node("Range", [g.int(0), length, g.int(1)], "int64", [ids.dims[1]]);
    const rotary = rotaryAngles(g, g.unsqueeze(places, 0), width / heads, rotaryBase);
    const x = towerLayers(g, words, RETRIEVAL.text, { mask: hidden, rotary });
    const counted = g.unsqueeze(real, 2);
    return g.div(g.sum(g.mul(x, counted), 1, 0), g.sum(real, 1));
  });
  return embeddingHead(g, "text_projection", pooled);
}
