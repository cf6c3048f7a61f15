import { intsAttribute } from "../attributes.ts";
import { makeNode } from "../builder.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { prune } from "../prune.ts";
import type { Trace } from "../trace.ts";
import { producers } from "../values.ts";

/**
 * Products of rows with a transposed matrix, such as a head that is tied to the embedding, read the matrix as it is stored: MatMul(x,
 * Transpose(W)) becomes Gemm(x, W) with `transB`, where x is [n, in].
 *
 * ONNX Runtime would otherwise compute the transpose once for every session and hold it, 98 MB for a vocabulary of 32,000 and a width of
 * 768, and read it in strides that take nearly twice as long when there are few rows. `trace`: of this graph.
 */
export function transposedProducts(model: OnnxModel, trace: Trace): OnnxModel {
  const made = producers(model);
  const node = model.graph.node.map((each) => {
    const [x, y] = each.input;
    if (each.opType !== "MatMul" || trace.get(x)?.dims.length !== 2 || trace.get(y)?.dims.length !== 2) return each;
    const turned = made.get(y);
    // Without an order Transpose turns all axes around.
    const perm = turned && (intsAttribute(turned, "perm") ?? [1, 0]);
    if (turned?.opType !== "Transpose" || perm![0] !== 1) return each;
    return makeNode("Gemm", [x, turned.input[0]], [...each.output], { transB: 1 }, each.name);
  });
  return prune(withGraph(model, { node }));
}
