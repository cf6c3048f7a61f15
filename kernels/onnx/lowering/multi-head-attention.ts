import { floatAttribute, intAttribute } from "../attributes.ts";
import { attend, splitHeads } from "./attend.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering, LoweringCall } from "./lowering.ts";
import { causal, penalty, rangePenalty } from "./masks.ts";

/**
 * Attention over projected queries, keys and values: three inputs, packed into one or two, or with keys and values already split
 * into heads (cross-attention); with bias, key padding, additive bias and a cache.
 */
export const multiHeadAttention: Lowering = (call) => {
  const { g, node, x, y } = call;
  const heads = intAttribute(node, "num_heads", 0);
  const type = g.type(x[0]!);
  if (x[8] || x[9])
    throw new LoweringError(node, "writes into a shared cache", "Export the model with a growing cache");
  if (y[3]) throw new LoweringError(node, "passes its scores on", "Export the model without the qk output");
  const [query, newKey, newValue] = split(call, heads);
  const grown = (cache: string | undefined, fresh: string, output: string | undefined) =>
    cache ? g.op("Concat", [cache, fresh], { axis: 2 }, output) : output ? g.identity(fresh, output) : fresh;
  const key = grown(x[6], newKey, y[1]);
  const value = grown(x[7], newValue, y[2]);
  const filter = floatAttribute(node, "mask_filter_value", -10000);
  const bias = [x[5], keyPadding(call, g.size(key, 2), filter)].filter((term): term is string => Boolean(term));
  const allowed = intAttribute(node, "unidirectional", 0) ? causal(g, g.size(query, 2), g.size(key, 2)) : undefined;
  const scale = floatAttribute(node, "scale", 0);
  attend(g, { query, key, value, heads, kvHeads: heads, scale, bias, allowed, type }, y[0]);
};

/** Query, key and value, [batch, heads, tokens, size], with the projection bias added. */
function split(call: LoweringCall, heads: number): [string, string, string] {
  const { g, node, x: [query, key, value, bias] } = call; // prettier-ignore
  if (!value) {
    if (bias) throw new LoweringError(node, "adds a bias to packed inputs", "Export the model with separate inputs");
    // Packed: [batch, tokens, heads, parts, size], query, key and value or the last two.
    const part = (packed: string, i: number) =>
      g.transpose(g.op("Gather", [packed, g.int(i)], { axis: 3 }), 0, 2, 1, 3);
    if (!key) return [part(query!, 0), part(query!, 1), part(query!, 2)];
    return [splitHeads(g, query!, heads), part(key, 0), part(key, 1)];
  }
  const width = bias && g.size(query!, 2);
  const twice = width && g.add(width, width);
  const biased = (x: string, from: number | string, to: number | string) =>
    splitHeads(g, bias ? g.add(x, g.slice(bias, 0, from, to)) : x, heads);
  const q = biased(query!, 0, width ?? 0);
  if (g.facts.rank(key!) === 4) return [q, key!, value];
  return [q, biased(key!, width ?? 0, twice ?? 0), biased(value, twice ?? 0, 2 ** 31 - 1)];
}

/** The mask as [batch, keys], [batch, tokens, keys], or the number of keys of each row, [batch]. */
function keyPadding(
  { g, node, x: [query, , , , mask] }: LoweringCall,
  keys: string,
  filter: number,
): string | undefined {
  if (!mask) return undefined;
  const type = g.type(query!);
  const rank = g.facts.rank(mask);
  if (rank === 2) return penalty(g, g.unsqueeze(mask, 1, 2), filter, type);
  if (rank === 3) return penalty(g, g.unsqueeze(mask, 1), filter, type);
  if (rank === 1) {
    const end = g.slice(mask, 0, 0, g.size(query!, 0));
    return rangePenalty(g, { start: g.ints(0), end }, keys, filter, type);
  }
  throw new LoweringError(node, "has a mask of unknown rank", "Run ONNX shape inference on the file first");
}
