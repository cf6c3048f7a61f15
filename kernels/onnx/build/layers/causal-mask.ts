import type { GraphBuilder } from "../graph-builder.ts";
import type { Float, Value } from "../value.ts";

// Large enough that exp gives 0, small enough that a row without any visible key stays finite (it attends evenly).
const HIDDEN = -1e9;

/**
 * What is added to attention scores: 0 where a token sees another, a large negative number where it does not.
 *
 * Shapes: attentionMask [batch, keys], 1 for tokens and 0 for padding. `queries` is any value [batch, tokens, ..] of the tokens that
 * ask, the last of all; default: all. Result [batch, 1, tokens, keys].
 */
export const causalMask = (g: GraphBuilder, attentionMask: Value<"int64">, queries: Value = attentionMask): Float =>
  g.scope("mask", () => {
    const [batch, keys] = attentionMask.dims;
    const tokens = queries.dims[1];
    const length = (value: Value) => g.node("Squeeze", [g.sizes(value, [1]), g.ints([0])], "int64", []);
    const total = length(attentionMask);
    const first = queries === attentionMask ? g.int(0) : g.node("Sub", [total, length(queries)], "int64", []);
    const range = (from: Value, size: typeof tokens) => g.node("Range", [from, total, g.int(1)], "int64", [size]);
    const places = range(g.int(0), keys);
    const asking = queries === attentionMask ? places : range(first, tokens);
    const past = g.node("LessOrEqual", [g.unsqueeze(places, 0), g.unsqueeze(asking, 1)], "bool", [tokens, keys]);
    const real = g.node("Greater", [g.unsqueeze(g.unsqueeze(attentionMask, 1), 1), g.int(0)], "bool", [
      batch,
      1,
      1,
      keys,
    ]);
    const visible = g.node("And", [past, real], "bool", [batch, 1, tokens, keys]);
    return g.where(visible, 0, HIDDEN);
  });
