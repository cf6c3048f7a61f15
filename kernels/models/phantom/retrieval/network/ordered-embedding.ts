import { normal } from "../../../../onnx/build/index.ts";
import type { Float, GraphBuilder, Value } from "../../../../onnx/build/index.ts";

/**
 * A row of a trainable table for each id, as the builder's embedding gives it, read element by element: the gradient of Gather is a
 * ScatterND, in which ONNX Runtime's threads add up rows in any order, so that one seed would not always give the same bits.
 *
 * Shapes: ids [batch, tokens] in [0, rows); parameter "<name>.weight" [rows, width]; result [batch, tokens, width].
 */
export const orderedEmbedding = (
  g: GraphBuilder,
  name: string,
  ids: Value<"int64">,
  rows: number,
  width: number,
  deviation: number,
): Float =>
  g.scope(name, () => {
    const table = g.parameter("weight", [rows, width], normal(deviation));
    const all = ids.dims.join(" * ");
    const column = g.node("Reshape", [ids, g.ints([-1, 1])], "int64", [all, 1]);
    const index = g.node("Expand", [column, g.ints([1, width])], "int64", [all, width]);
    const found = g.node("GatherElements", [table, index], "float32", [all, width], { axis: 0 });
    const sizes = g.node("Concat", [g.node("Shape", [ids], "int64", [2]), g.ints([width])], "int64", [3], { axis: 0 });
    return g.node("Reshape", [found, sizes], "float32", [...ids.dims, width]);
  });
