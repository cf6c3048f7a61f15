import type { TensorType } from "../../tensor.ts";

/** Contents are followed for tensors up to this many elements: shapes, axes, positions and small masks, not weights. */
export const LARGEST_CONTENTS = 2048;

/** What is known of a value at the example sizes. */
export interface InferredValue {
  type: TensorType;
  dims: readonly number[];
  /** Contents at the example sizes, row-major; undefined where they depend on more than sizes and small constants. */
  contents?: readonly number[];
}

export const elements = (dims: readonly number[]): number => dims.reduce((product, size) => product * size, 1);
