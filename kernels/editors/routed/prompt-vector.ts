import type { EditableModel } from "../../models/editable-model.ts";
import type { Query } from "../../models/model.ts";
import type { Tap } from "../../models/taps.ts";

/**
 * A hidden vector at the last token of a query's prompt, [width], and that token's row. Read by itself, as a scope reads it, so that a key
 * and the same prompt asked later agree to the last bit.
 */
export async function promptVector(
  model: EditableModel,
  query: Query,
  tap: Tap,
  signal?: AbortSignal,
): Promise<{ vector: Float32Array; row: number }> {
  const { values } = await model.states({ image: query.image, question: query.question }, [tap], { signal });
  const [tokens, width] = values[0].dims;
  return { vector: values[0].data.slice((tokens - 1) * width), row: tokens - 1 };
}
