import type { GraphBuilder } from "../graph-builder.ts";
import type { Float, Value } from "../value.ts";

// Large enough that exp gives 0, small enough that a row without any visible key stays finite (it attends evenly).
const HIDDEN = -1e9;

/**
 * What is added to attention scores: 0 where a token sees another, a large negative number where it does not.
 *
 * Shapes: attentionMask [batch, tokens], 1 for tokens and 0 for padding; result [batch, 1, tokens, tokens].
 */
export const causalMask = (g: GraphBuilder, attentionMask: Value<"int64">): Float =>
  g.scope("mask", () => {
    const tokens = attentionMask.dims[1];
    const size = g.sizes(attentionMask, [1]);
    const length = g.node("Squeeze", [size, g.ints([0])], "int64", []);
    const places = g.node("Range", [g.int(0), length, g.int(1)], "int64", [tokens]);
    const [keys, queries] = [g.unsqueeze(places, 0), g.unsqueeze(places, 1)];
    const past = g.node("LessOrEqual", [keys, queries], "bool", [tokens, tokens]);
    const real = g.node("Greater", [g.unsqueeze(g.unsqueeze(attentionMask, 1), 1), g.int(0)], "bool", [
      attentionMask.dims[0],
      1,
      1,
      tokens,
    ]);
    const visible = g.node("And", [past, real], "bool", [attentionMask.dims[0], 1, tokens, tokens]);
    return g.where(visible, 0, HIDDEN);
  });
