import type { Tensor, TensorData, TensorType } from "../tensor.ts";
import { isFloat } from "./element-type.ts";
import type { OnnxModel } from "./graph.ts";
import { TraceError } from "./trace.ts";
import { declared, feedInputs } from "./values.ts";

const arrays: Record<TensorType, (n: number) => TensorData> = {
  float32: (n) => new Float32Array(n).fill(0.5),
  float64: (n) => new Float64Array(n).fill(0.5),
  float16: (n) => new Uint16Array(n).fill(0x3800),
  int64: (n) => new BigInt64Array(n).fill(1n),
  int32: (n) => new Int32Array(n).fill(1),
  int8: (n) => new Int8Array(n).fill(1),
  uint8: (n) => new Uint8Array(n).fill(1),
  bool: (n) => new Uint8Array(n).fill(1),
};

/**
 * Feeds to trace a graph with: every input in its declared type and shape, varying sizes from `sizes` by their names. Floats are
 * 0.5, integers 1 (a valid id, position, label and mask). `given` replaces single inputs. One size `rank` serves the ranks of all
 * side inputs.
 *
 * Example: exampleFeeds(decoder, { batch_size: 2, sequence_length: 3, past_sequence_length: 2, total_sequence_length: 5 })
 * Throws: TraceError for an input without declared type or shape, and for a varying size that is not given.
 */
export function exampleFeeds(
  model: OnnxModel,
  sizes: Record<string, number>,
  given: Record<string, Tensor> = {},
): Record<string, Tensor> {
  return withContents(exampleShapes(model, sizes, given));
}

/** Examples that can be fed: contents that were left out are made. */
export const withContents = (examples: Record<string, ExampleShape>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(examples).map(([name, { type, dims, data }]) => [
      name,
      { type, dims, data: data ?? filled(type, dims) },
    ]),
  );

/** Type and sizes of a graph input, and its contents where they are given or may decide sizes. */
export type ExampleShape = Pick<Tensor, "type" | "dims"> & Partial<Pick<Tensor, "data">>;

/** The same without contents of float inputs, for inferTrace: a lifted weight takes no memory. Throws: TraceError. */
export function exampleShapes(
  model: OnnxModel,
  sizes: Record<string, number>,
  given: Record<string, Tensor> = {},
): Record<string, ExampleShape> {
  const examples: Record<string, ExampleShape> = {};
  for (const input of feedInputs(model)) {
    if (given[input.name]) {
      examples[input.name] = given[input.name];
      continue;
    }
    const { type, dims } = declared(input);
    if (!type || !dims)
      throw new TraceError(`input "${input.name}": the graph declares no type or shape for it. Pass a tensor for it.`);
    const shape = dims.map((dim, axis) => {
      const size = typeof dim === "string" ? sizeOf(dim, sizes) : dim;
      if (size === undefined)
        throw new TraceError(
          `input "${input.name}", axis ${axis} ("${dim ?? "unnamed"}"): its size is not given. Add it to the sizes, 2 or more.`,
        );
      return size;
    });
    examples[input.name] = { type, dims: shape, ...(!isFloat(type) && { data: filled(type, shape) }) };
  }
  return examples;
}

const filled = (type: TensorType, dims: readonly number[]) =>
  arrays[type](dims.reduce((product, size) => product * size, 1));

/** A named size: as given, by the part before ":", or the sum of two ("past_sequence_length + sequence_length"). */
function sizeOf(dim: string, sizes: Record<string, number>): number | undefined {
  const given = sizes[dim] ?? sizes[dim.split(":")[0]];
  const terms = dim.split(" + ");
  if (given !== undefined || terms.length === 1) return given;
  const values = terms.map((term) => sizeOf(term, sizes));
  return values.some((value) => value === undefined) ? undefined : values.reduce((sum, value) => sum! + value!, 0);
}
