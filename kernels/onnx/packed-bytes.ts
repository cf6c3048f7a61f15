import { everyNode } from "./body-graphs.ts";
import { elementCount } from "./element-count.ts";
import { elementTypes } from "./element-type.ts";
import type { OnnxModel } from "./graph.ts";
import { initializerMap } from "./values.ts";

/** Bytes that an engine takes to keep every float32 weight once more in the order that its products read it: a copy for each product. */
export function packedBytes(model: OnnxModel): number {
  const weights = initializerMap(model);
  let bytes = 0;
  for (const { opType, input } of everyNode(model.graph)) {
    const weight = opType === "MatMul" || opType === "Gemm" ? weights.get(input[1]) : undefined;
    if (weight?.dataType === elementTypes.float32) bytes += 4 * (elementCount(weight.dims) ?? Infinity);
  }
  return bytes;
}
