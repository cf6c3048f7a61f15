import type { GraphBuilder } from "../graph-builder.ts";
import type { Dim, Float } from "../value.ts";

/** Keys and values of the tokens before those of this run, [batch, kvHeads, past, head], and where those of all tokens go. */
export interface KeyValueCache {
  key: Float;
  value: Float;
  /** Receives keys and values of all tokens so far, [batch, kvHeads, past + tokens, head]. */
  keep(key: Float, value: Float): void;
}

/**
 * The cache of one layer under the names that transformers.js feeds and reads: inputs `past_key_values.N.key` and `.value`, outputs
 * `present.N.key` and `.value`.
 */
export function keyValueCache(
  g: GraphBuilder,
  layer: number,
  { batch, past, kvHeads, headSize }: { batch: Dim; past: Dim; kvHeads: number; headSize: number },
): KeyValueCache {
  const input = (part: string) =>
    g.input(`past_key_values.${layer}.${part}`, "float32", [batch, kvHeads, past, headSize]);
  return {
    key: input("key"),
    value: input("value"),
    keep(key, value) {
      g.output(`present.${layer}.key`, key);
      g.output(`present.${layer}.value`, value);
    },
  };
}
