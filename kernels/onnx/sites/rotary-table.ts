import { SAME_CONTENT } from "./graph-view.ts";
import type { GraphView } from "./graph-view.ts";

/**
 * Whether rows of a table do nothing but multiply activations, as cosines and sines of rotary positions do. The rows of an embedding
 * join the stream themselves, at most after a constant factor.
 */
export function isRotaryTable(view: GraphView, rows: string): boolean {
  const readers = view.readers(rows);
  return (
    readers.length > 0 &&
    readers.every((reader) =>
      reader.opType === "Mul"
        ? !reader.input.some((input) => input !== rows && view.isConstant(input))
        : SAME_CONTENT.has(reader.opType) && isRotaryTable(view, reader.output[0]),
    )
  );
}
