import type { GraphBuilder } from "../graph-builder.ts";
import { ShapeError, showValue } from "../value.ts";
import type { Float } from "../value.ts";
import type { KeyValueCache } from "./key-value-cache.ts";
import { linear } from "./linear.ts";
import type { LinearOptions } from "./linear.ts";
import { rotate } from "./rotary.ts";
import type { Rotary } from "./rotary.ts";

export interface AttentionOptions extends LinearOptions {
  heads: number;
  /** Heads of keys and values, each serving heads / kvHeads query heads. Default: as many as heads. */
  kvHeads?: number;
  /** Size of a head. Default: width / heads. */
  headSize?: number;
  /** One projection "c_attn" for queries, keys and values together, instead of three. Default false. */
  packed?: boolean;
  /** Options of the projection out of it. Default: those of the others. */
  output?: LinearOptions;
  /** Added to the scores; broadcasts against [batch, heads, queries, keys]. Default: every token sees every token. */
  mask?: Float;
  /** Rotates queries and keys. Default: none. */
  rotary?: Rotary;
  /** Keys and values of earlier tokens, which are seen too. Default: none. */
  cache?: KeyValueCache;
}

/**
 * Multi-head attention of a sequence to itself, with projections q_proj, k_proj, v_proj and o_proj in scope "self_attn".
 *
 * Shapes: x [batch, tokens, width]; result the same.
 * Throws: ShapeError when the heads do not divide the width, or the key heads the heads.
 */
export const attention = (g: GraphBuilder, x: Float, options: AttentionOptions): Float =>
  g.scope("self_attn", () => {
    const { heads, kvHeads = heads, mask, rotary, cache } = options;
    const width = g.fixed(x, -1, "attention");
    const head = options.headSize ?? width / heads;
    if (!Number.isInteger(head) || heads % kvHeads !== 0)
      throw new ShapeError(
        `attention: ${heads} heads with ${kvHeads} key heads do not divide ${showValue(x)}. Pass headSize, or other numbers.`,
      );
    const [batch, tokens] = x.dims;
    const projected = (name: string, count: number) => linear(g, name, x, count * head, options);
    const [q, k, v] = options.packed
      ? g.split(projected("c_attn", heads + 2 * kvHeads), -1, [heads * head, kvHeads * head, kvHeads * head])
      : [projected("q_proj", heads), projected("k_proj", kvHeads), projected("v_proj", kvHeads)];
    const split = (value: Float, count: number) =>
      g.transpose(g.reshape(value, [batch, tokens, count, head]), [0, 2, 1, 3]);
    const turn = (value: Float) => (rotary ? rotate(g, value, rotary) : value);
    const after = (earlier: Float | undefined, value: Float) => (earlier ? g.concat([earlier, value], 2) : value);
    const allKeys = after(cache?.key, turn(split(k, kvHeads)));
    const allValues = after(cache?.value, split(v, kvHeads));
    cache?.keep(allKeys, allValues);
    const group = heads / kvHeads;
    // Groups get an axis of their own, over which keys and values broadcast: nothing is repeated in memory.
    const grouped = (value: Float, size: number) =>
      group === 1 ? value : g.reshape(value, [batch, kvHeads, size, value.dims[2], head]);
    const [queries, keys, values] = [grouped(turn(split(q, heads)), group), grouped(allKeys, 1), grouped(allValues, 1)];
    const rank = queries.dims.length;
    const last = [...Array(rank - 2).keys(), rank - 1, rank - 2];
    const scores = g.mul(g.matMul(queries, g.transpose(keys, last)), 1 / Math.sqrt(head));
    const shown = mask ? g.add(scores, group === 1 ? mask : g.unsqueeze(mask, 1)) : scores;
    const mixed = g.matMul(g.softmax(shown), values);
    const together = group === 1 ? mixed : g.reshape(mixed, [batch, heads, tokens, head]);
    const joined = g.reshape(g.transpose(together, [0, 2, 1, 3]), [batch, tokens, heads * head]);
    return linear(g, "o_proj", joined, width, options.output ?? options);
  });
