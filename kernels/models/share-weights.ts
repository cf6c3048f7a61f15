import { externalise, internalBytes } from "../onnx/externalise.ts";
import type { OnnxModel } from "../onnx/graph.ts";

/** Below this, copies for each compiled program cost less than the mapping's slower runs (about a tenth). */
const WORTH_SHARING = 64 * 2 ** 20;

/**
 * Moves the weights of a large model out of its graph file into a data file, so that the base and every rewritten graph share one
 * mapped copy. A model whose weights are external already, or small, is returned as it is.
 *
 * `folder` gives the place of the data file; it is asked only when one is written.
 */
export const shareWeights = (model: OnnxModel, folder: () => string, name: string): OnnxModel =>
  internalBytes(model) < WORTH_SHARING ? model : externalise(model, folder(), name);
