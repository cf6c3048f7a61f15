import { floatAttribute, intAttribute, intsAttribute } from "../attributes.ts";
import { attend, splitHeads } from "./attend.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering, LoweringCall } from "./lowering.ts";
import { causal, penalty, rangePenalty } from "./masks.ts";

/** Self-attention with its packed projection: one weight [input, query + key + value], mask_index in its forms, and a cache. */
export const attention: Lowering = (call) => {
  const { g, node, x, y } = call;
  const heads = intAttribute(node, "num_heads", 0);
  const type = g.type(x[0]!);
  if (x[6]) throw new LoweringError(node, "writes into a shared cache", "Export the model with a growing cache");
  if (intAttribute(node, "do_rotary", 0))
    throw new LoweringError(node, "rotates inside", "Export the model with a separate RotaryEmbedding");
  const [query, newKey, newValue] = project(call).map((part) => splitHeads(g, part, heads));
  const cached = (i: number, fresh: string) =>
    x[4] ? g.concat([g.op("Gather", [x[4], g.int(i)], { axis: 0 }), fresh], 2) : fresh;
  const [key, value] = [cached(0, newKey), cached(1, newValue)];
  if (y[1]) g.op("Concat", [g.unsqueeze(key, 0), g.unsqueeze(value, 0)], { axis: 0 }, y[1]);
  const [tokens, keys] = [g.size(query, 2), g.size(key, 2)];
  const mask = padding(call, keys);
  const allowed = intAttribute(node, "unidirectional", 0) ? causal(g, tokens, keys) : undefined;
  const bias = [x[5], mask].filter((term): term is string => Boolean(term));
  attend(
    g,
    { query, key, value, heads, kvHeads: heads, scale: floatAttribute(node, "scale", 0), bias, allowed, type },
    y[0],
  );
};

/** Query, key and value, [batch, tokens, width]. */
function project({ g, node, x: [input, weight, bias] }: LoweringCall): string[] {
  const width = g.facts.size(weight!, 1);
  const sizes = intsAttribute(node, "qkv_hidden_sizes") ?? (width ? [width / 3, width / 3, width / 3] : undefined);
  if (!sizes) throw new LoweringError(node, "has a weight of unknown width", "Export it with qkv_hidden_sizes");
  const product = g.matMul(input!, weight!);
  const all = bias ? g.add(product, bias) : product;
  const ends = [0, sizes[0], sizes[0] + sizes[1], sizes[0] + sizes[1] + sizes[2]];
  return [0, 1, 2].map((i) => g.slice(all, 2, ends[i], ends[i + 1]));
}

/** mask_index as a raw mask [batch, keys] or [batch, tokens, keys], or as ends [batch], or ends then starts [2·batch]. */
function padding({ g, node, x: [input, , , mask] }: LoweringCall, keys: string): string | undefined {
  if (!mask) return undefined;
  const type = g.type(input!);
  const filter = floatAttribute(node, "mask_filter_value", -10000);
  const rank = g.facts.rank(mask);
  if (rank === 2) return penalty(g, g.unsqueeze(mask, 1, 2), filter, type);
  if (rank === 3) return penalty(g, g.unsqueeze(mask, 1), filter, type);
  if (rank !== 1)
    throw new LoweringError(node, `has a mask of rank ${rank ?? "unknown"}`, "Export it with a mask [batch, keys]");
  const batch = g.size(input!, 0);
  // Zeros behind the list stand for the starts where it has none.
  const padded = g.concat([mask, g.op("Expand", [g.cast(g.int(0), "int32"), batch])], 0);
  const [end, start] = [g.slice(padded, 0, 0, batch), g.slice(padded, 0, batch, g.add(batch, batch))];
  return rangePenalty(g, { start, end }, keys, filter, type);
}
