import { UserFacingError } from "../../errors.ts";
import { normal } from "../../onnx/build/initialisers.ts";
import type { Dimension } from "../../onnx/builder.ts";
import type { OnnxModel } from "../../onnx/graph.ts";
import type { Site } from "../../onnx/sites.ts";
import { declared, feedInputs } from "../../onnx/values.ts";
import { random } from "../../random.ts";
import type { Tensor, TensorData } from "../../tensor.ts";

/** Cause: an input of a graph cannot be filled with something valid. Handled by: the user, who checks another export. */
export class RandomFeedError extends UserFacingError {}

const BATCH = 2;
const TOKENS = 5;
const PIXELS = 224;
// Between the size of token embeddings (a few hundredths) and that of prepared pixels (one).
const DEVIATION = 0.5;

/** Sizes that a graph leaves open, by the words in their names. A cache is empty. */
function sizeOf(dim: Dimension, axis: number): number {
  if (typeof dim === "number") return dim;
  const name = dim ?? "";
  if (name.includes("+")) return name.split("+").reduce((sum, part) => sum + sizeOf(part.trim(), axis), 0);
  if (/past/.test(name)) return 0;
  if (/batch/.test(name) || (!name && axis === 0)) return BATCH;
  if (/height|width|image_size/.test(name)) return PIXELS;
  return TOKENS;
}

/**
 * Random inputs that a graph accepts: floats are normal, token ids lie within the table that they are looked up in, positions count
 * up, masks are open, and a cache is empty.
 *
 * Throws: RandomFeedError for an input without declared type or shape.
 */
export function randomFeeds(model: OnnxModel, sites: readonly Site[], seed: number): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  const stream = random(seed);
  for (const [i, input] of feedInputs(model).entries()) {
    const { type, dims } = declared(input);
    if (!type || !dims)
      throw new RandomFeedError(
        `input "${input.name}": the graph declares no type or shape for it, so no random input can be made. Export the model with shapes.`,
      );
    const shape = dims.map(sizeOf);
    const count = shape.reduce((product, size) => product * size, 1);
    const fill = (at: (i: number) => number): TensorData => {
      const numbers = Array.from({ length: count }, (_, k) => at(k));
      if (type === "int64") return BigInt64Array.from(numbers, BigInt);
      return type === "int32"
        ? Int32Array.from(numbers)
        : type === "int8"
          ? Int8Array.from(numbers)
          : Uint8Array.from(numbers);
    };
    feeds[input.name] = { type, dims: shape, data: data() };
    function data(): TensorData {
      if (type === "float32")
        return isMask(input.name) ? new Float32Array(count).fill(1) : normal(DEVIATION)(shape, seed + 7919 * (i + 1));
      if (type === "float64") return Float64Array.from(normal(DEVIATION)(shape, seed + 7919 * (i + 1)));
      if (type === "float16") {
        if (count === 0) return new Uint16Array(0);
        throw new RandomFeedError(
          `input "${input.name}": it is float16, too coarse for differences. Check the float32 export of the model.`,
        );
      }
      if (/position/.test(input.name)) return fill((k) => k % shape[shape.length - 1]);
      if (isMask(input.name)) return fill(() => 1);
      if (/logits_to_keep/.test(input.name)) return fill(() => TOKENS);
      const table = sites.find((site) => site.kind === "embedding" && site.input === input.name);
      if (table) return fill(() => stream.below(table.in));
      return fill(() => (type === "bool" ? 0 : stream.below(2)));
    }
  }
  return feeds;
}

const isMask = (name: string) => /mask/.test(name);
