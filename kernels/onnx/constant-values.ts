import type { Tensor } from "../tensor.ts";
import type { OnnxModel } from "./graph.ts";
import { tensorType } from "./element-type.ts";
import { numbersOf } from "./numbers-of.ts";
import { tensorOf } from "./tensor-of.ts";
import { externalRange, isExternal } from "./external-data.ts";

/** Larger constants are weights or tables; no rule needs to see inside them. */
export const LARGEST_CONSTANT = 64;

/** Operators that draw anew at every run. */
export const RANDOM = new Set([
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
  "Multinomial",
  "Bernoulli",
  "Dropout",
]);

/**
 * Contents of the small values that are the same in every run because they depend on no graph input: what a gradient rule may build
 * into the emitted graph. Contents that merely looked the same in one traced run (such as sizes) are left out.
 */
export function constantValues({ graph }: OnnxModel, results: Record<string, Tensor>): Map<string, readonly number[]> {
  const fixed = new Set<string>();
  const values = new Map<string, readonly number[]>();
  const put = (name: string, tensor: Tensor) => {
    if (tensor.data.length <= LARGEST_CONSTANT) values.set(name, numbersOf(tensor));
  };
  const inputs = new Set(graph.input.map((input) => input.name));
  for (const tensor of graph.initializer) {
    // Older files list weights among the inputs: a caller may then replace them.
    if (inputs.has(tensor.name)) continue;
    fixed.add(tensor.name);
    const small = tensor.dims.reduce((product, dim) => product * Number(dim), 1) <= LARGEST_CONSTANT;
    const readable = !isExternal(tensor) || externalRange(tensor);
    if (small && tensorType(tensor.dataType) && readable) put(tensor.name, tensorOf(tensor));
  }
  for (const node of graph.node) {
    const hasBody = node.attribute.some((attribute) => attribute.g);
    if (hasBody || RANDOM.has(node.opType) || node.input.some((input) => input && !fixed.has(input))) continue;
    for (const output of node.output) {
      if (!output) continue;
      fixed.add(output);
      if (results[output]) put(output, results[output]);
    }
  }
  return values;
}
