import { float32 } from "../../../tensor.ts";
import type { Tensor } from "../../../tensor.ts";

// What the dense head gives for a class that is absent, and the share of a word's embedding per unit of its output: a class that is
// present (about +4) then adds its word once.
const [ABSENT, SHARE] = [-4, 1 / 8];

/**
 * A projector that says what the encoder sees in the decoder's own words: the output of the dense head for a class, times the mean
 * embedding of the tokens of its name. Asked for a name, the decoder then has to learn to look for its like once, not for every name anew.
 *
 * Shapes: head weight [features, classes] and bias [classes]; table [vocabulary, width]; names: token ids of each class; noise
 * [features, width] is added, so that more than the classes gets through. Result: weight [features, width], bias [width].
 */
export function alignedProjector(
  head: { weight: Tensor; bias: Tensor },
  table: Tensor,
  names: readonly (readonly number[])[],
  noise: Tensor,
): { weight: Tensor<Float32Array>; bias: Tensor<Float32Array> } {
  const [features, classes] = head.weight.dims;
  const width = table.dims[1];
  const [w, b, rows] = [head.weight, head.bias, table].map(({ data }) => data as Float32Array);
  const words = names.map((ids) =>
    Float32Array.from({ length: width }, (_, j) => ids.reduce((sum, id) => sum + rows[id * width + j], 0) / ids.length),
  );
  const weight = Float32Array.from(noise.data as Float32Array);
  const bias = new Float32Array(width);
  for (let c = 0; c < classes; c++)
    for (let j = 0; j < width; j++) {
      for (let i = 0; i < features; i++) weight[i * width + j] += SHARE * w[i * classes + c] * words[c][j];
      bias[j] += SHARE * (b[c] - ABSENT) * words[c][j];
    }
  return { weight: float32(weight, [features, width]), bias: float32(bias, [width]) };
}
