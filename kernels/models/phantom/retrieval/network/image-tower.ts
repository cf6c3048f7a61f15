import type { Float, GraphBuilder } from "../../../../onnx/build/index.ts";
import { visionEncoder } from "../../network/vision-encoder.ts";
import { embeddingHead } from "./embedding-head.ts";

/**
 * Images as unit vectors: the stem of the phantom's vision encoder and the mean over the 64 places. Its parameters have the names of the
 * vision stage, whose weights training begins with.
 *
 * Shapes: pixels [batch, 3, 128, 128]; places [batch, 64, width], from which training reads what is where; embedding [batch, embedding].
 */
export function imageTower(g: GraphBuilder, pixels: Float): { places: Float; embedding: Float } {
  const places = visionEncoder(g, pixels, 0);
  return { places, embedding: embeddingHead(g, "visual_projection", g.mean(places, 1, 0)) };
}
