import { floatAttribute, intAttribute } from "../attributes.ts";
import { attend, splitHeads } from "./attend.ts";
import { cachedPositions, keyPositions, present } from "./cached-positions.ts";
import type { CachedPositions } from "./cached-positions.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering, LoweringCall } from "./lowering.ts";
import { rotate } from "./rotate.ts";

/**
 * Causal attention in which several query heads share a key head, with rotary embedding, a cache, a local window and capped scores.
 * New keys are joined behind the whole cache and masked by position, so that rows with shorter pasts need no copying; the cache is
 * put in its own order only for the outputs that hold it. Outputs at right-padded places are unspecified, as in the fused operator.
 */
export const groupQueryAttention: Lowering = (call) => {
  const { g, node, x, y } = call;
  const heads = intAttribute(node, "num_heads", 0);
  const kvHeads = intAttribute(node, "kv_num_heads", 0);
  const type = g.type(x[0]!);
  refuse(call);
  const [q, k, v] = split(call, heads, kvHeads);
  const [pastKey, pastValue] = [x[3] || undefined, x[4] || undefined];
  const at = cachedPositions(g, g.size(q, 2), x[5]!, pastKey !== undefined);
  const [query, newKey] = rotated(call, q, k, at);
  const joined = (cache: string | undefined, fresh: string) => (cache ? g.concat([cache, fresh], 2) : fresh);
  const [key, value] = [joined(pastKey, newKey), joined(pastValue, v)];
  const caches = [key, value].map((all, i) => cacheOutput(call, all, at, i));
  // A bias is laid out like the cache, so attention has to be too.
  const bias = x[10] || undefined;
  const seen = bias && pastKey ? caches.map((cache) => g.slice(cache, 2, 0, total(call))) : [key, value];
  const places = bias && pastKey ? g.unsqueeze(g.range(g.size(seen[0], 2)), 0) : keyPositions(g, at, pastKey);
  attend(
    g,
    {
      query,
      key: seen[0],
      value: seen[1],
      heads,
      kvHeads,
      scale: floatAttribute(node, "scale", 0),
      softcap: floatAttribute(node, "softcap", 0),
      bias: bias ? [bias] : [],
      allowed: visible(call, at.tokens, places),
      sink: x[11] || (intAttribute(node, "smooth_softmax", 0) ? "zero" : undefined),
      type,
    },
    y[0],
  );
};

function refuse({ node, x, y }: LoweringCall): void {
  if (y[3]) throw new LoweringError(node, "passes its scores on", "Export the model without the output_qk output");
  if (x[12] || x[13]) throw new LoweringError(node, "has a quantised cache", "Export the model with a float cache");
  if (intAttribute(node, "q_norm", 0) || x[14])
    throw new LoweringError(node, "normalises queries inside", "Export the model with separate query and key norms");
}

/** Query, key and value, [batch, heads, tokens, size]; packed ones are three runs of heads side by side. */
function split({ g, x: [query, key, value] }: LoweringCall, heads: number, kvHeads: number): [string, string, string] {
  if (key) return [splitHeads(g, query!, heads), splitHeads(g, key, kvHeads), splitHeads(g, value!, kvHeads)];
  const all = splitHeads(g, query!, heads + 2 * kvHeads);
  const ends = [0, heads, heads + kvHeads, heads + 2 * kvHeads];
  return [0, 1, 2].map((i) => g.slice(all, 1, ends[i], ends[i + 1])) as [string, string, string];
}

function rotated({ g, node, x }: LoweringCall, q: string, k: string, at: CachedPositions): [string, string] {
  const [cos, sin] = [x[7], x[8]];
  if (!intAttribute(node, "do_rotary", 0) || !cos || !sin) return [q, k];
  // Right-padded rows of a prompt count on past their end; the caches may not reach so far.
  const last = g.sub(g.size(cos, 0), g.ints(1));
  const positions = x[9] || g.op("Min", [at.tokens, last]);
  const size = x[3] ? g.facts.size(x[3], 3) : undefined;
  const half = g.facts.size(cos, 1);
  const rotation = {
    cos: g.op("Gather", [cos, positions]),
    sin: g.op("Gather", [sin, positions]),
    interleaved: intAttribute(node, "rotary_interleaved", 0) === 1,
    partial: size === undefined || half === undefined || size !== 2 * half,
  };
  return [rotate(g, q, rotation), rotate(g, k, rotation)];
}

const total = ({ g, x }: LoweringCall): string => g.reshape(g.cast(x[6]!, "int64"), 1);

/** The grown cache, under its output's name where it has one. */
function cacheOutput(call: LoweringCall, all: string, at: CachedPositions, i: number): string {
  const { g, x, y } = call;
  const [cache, output] = [x[3 + i], y[1 + i]];
  const needed = output || x[10];
  if (!cache) return output ? g.identity(all, output) : all;
  return needed ? present(g, all, at, g.size(cache, 2), x[6]!, g.type(x[0]!), output || undefined) : all;
}

/** Keys at or before a token, at most `local_window_size` of them: [batch or 1, 1, tokens, keys]. */
function visible({ g, node }: LoweringCall, tokens: string, keys: string): string {
  const [rows, columns] = [g.unsqueeze(tokens, 1, 3), g.unsqueeze(keys, 1, 2)];
  const causal = g.op("LessOrEqual", [columns, rows]);
  const window = intAttribute(node, "local_window_size", -1);
  if (window <= 0) return causal;
  return g.op("And", [causal, g.op("Greater", [columns, g.sub(rows, g.ints(window))])]);
}
