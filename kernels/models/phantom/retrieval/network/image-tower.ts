import { geluTanh, linear, normal, patches } from "../../../../onnx/build/index.ts";
import type { Float, GraphBuilder } from "../../../../onnx/build/index.ts";
import { PHANTOM } from "../../config.ts";
import { RETRIEVAL } from "../config.ts";
import { embeddingHead } from "./embedding-head.ts";
import { towerLayers } from "./tower-layers.ts";

/**
 * Images as unit vectors: the stem of the phantom's vision encoder, but narrower, two layers, and the mean over the 64 places.
 *
 * Shapes: pixels [batch, 3, 128, 128]; places [batch, 64, width], from which training reads what is where; embedding [batch, embedding].
 */
export function imageTower(g: GraphBuilder, pixels: Float): { places: Float; embedding: Float } {
  const { patch, fine, width } = RETRIEVAL.image;
  const places = g.scope("vision_model", () => {
    const side = PHANTOM.image / patch / 2;
    const [batch] = pixels.dims;
    const values = geluTanh(g, linear(g, "patch_embed", patches(g, pixels, patch), fine, { initialise: normal(0.07) }));
    const blocks = g.transpose(g.reshape(values, [batch, side, 2, side, 2, fine]), [0, 1, 3, 2, 4, 5]);
    const merged = linear(g, "patch_merge", g.reshape(blocks, [batch, side * side, 4 * fine]), width, {
      initialise: normal(0.06),
    });
    const where = g.parameter("position_embedding", [side * side, width], normal(0.02));
    return towerLayers(g, g.add(merged, where), RETRIEVAL.image);
  });
  return { places, embedding: embeddingHead(g, "visual_projection", g.mean(places, 1, 0)) };
}
