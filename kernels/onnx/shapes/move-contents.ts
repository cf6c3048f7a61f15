import { elements, LARGEST_CONTENTS } from "./inferred-value.ts";
import type { InferredValue } from "./inferred-value.ts";

/** Every index of a shape, in row-major order. */
function* indices(dims: readonly number[]): Generator<readonly number[]> {
  const index = dims.map(() => 0);
  for (let n = elements(dims); n > 0; n--) {
    yield index;
    for (let axis = dims.length - 1; axis >= 0 && ++index[axis] === dims[axis]; axis--) index[axis] = 0;
  }
}

/** Position of an index in row-major order; an axis of size 1 is repeated. */
export const flat = (index: readonly number[], dims: readonly number[]): number =>
  dims.reduce((at, size, axis) => at * size + (size === 1 ? 0 : index[index.length - dims.length + axis]), 0);

/** Contents of a value whose every element is picked from `from`, at the index that `source` gives. Undefined where unknown or large. */
export function moveContents(
  from: InferredValue,
  dims: readonly number[],
  source: (index: readonly number[]) => readonly number[],
): readonly number[] | undefined {
  if (!from.contents || elements(dims) > LARGEST_CONTENTS) return undefined;
  return Array.from(indices(dims), (index) => from.contents![flat(source(index), from.dims)]);
}

/** Contents of a broadcast combination of values. */
export function combineContents(
  operands: readonly InferredValue[],
  dims: readonly number[],
  combine: (...values: number[]) => number,
): readonly number[] | undefined {
  if (elements(dims) > LARGEST_CONTENTS || operands.some((operand) => !operand.contents)) return undefined;
  return Array.from(indices(dims), (index) =>
    combine(...operands.map((operand) => operand.contents![flat(index, operand.dims)])),
  );
}
