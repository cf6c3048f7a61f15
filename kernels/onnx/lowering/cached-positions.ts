import type { TensorType } from "../../tensor.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";

/** Where the tokens of a call stand when each row of the batch has its own number of cached keys. */
export interface CachedPositions {
  /** Cached keys in use, int64 [batch, 1]; undefined without a cache. */
  past: string | undefined;
  /** Position of each new token, int64 [batch or 1, tokens]. */
  tokens: string;
  /** New tokens, int64 [1]. */
  count: string;
}

/** `lengths` is total length - 1 of each row; a padded prompt has fewer than its tokens and no past. */
export function cachedPositions(g: LoweringBuilder, count: string, lengths: string, cached: boolean): CachedPositions {
  const steps = g.unsqueeze(g.range(count), 0);
  if (!cached) return { past: undefined, tokens: steps, count };
  const last = g.reshape(g.cast(lengths, "int64"), -1, 1);
  const past = g.op("Max", [g.sub(g.add(last, g.ints(1)), count), g.ints(0)]);
  return { past, tokens: g.add(past, steps), count };
}

// Beyond every position: a cache slot that is not in use is never seen.
const NOWHERE = 2 ** 40;

/** Positions of the keys where new ones follow all slots of the cache, int64 [batch or 1, slots + tokens]. */
export function keyPositions(g: LoweringBuilder, { past, tokens }: CachedPositions, cache: string | undefined): string {
  if (!past || !cache) return tokens;
  const slots = g.unsqueeze(g.range(g.size(cache, 2)), 0);
  return g.concat([g.op("Where", [g.op("Less", [slots, past]), slots, g.ints(NOWHERE)]), tokens], 1);
}

/**
 * The cache after the call: [batch, heads, max(slots, total), size]. New keys follow the ones in use, row by row; zeros fill the
 * rest. `joined` holds all slots of the old cache and then the new keys.
 */
export function present(
  g: LoweringBuilder,
  joined: string,
  { past, count }: CachedPositions,
  slots: string,
  total: string,
  type: TensorType,
  output?: string,
): string {
  const length = g.op("Max", [slots, g.reshape(g.cast(total, "int64"), 1)]);
  const places = g.unsqueeze(g.range(length), 0);
  const behind = g.sub(places, past!);
  const clamped = g.op("Min", [g.op("Max", [behind, g.ints(0)]), g.sub(count, g.ints(1))]);
  const index = g.op("Where", [g.op("Less", [behind, g.ints(0)]), places, g.add(slots, clamped)]);
  const shape = g.op("Shape", [joined]);
  const target = g.concat([g.slice(shape, 0, 0, 2), length, g.slice(shape, 0, 3, 4)], 0);
  const rows = g.op("GatherElements", [joined, g.op("Expand", [g.unsqueeze(index, 1, 3), target])], { axis: 2 });
  const used = g.unsqueeze(g.op("Less", [behind, count]), 1, 3);
  return g.op("Where", [used, rows, g.scalar(0, type)], {}, output);
}
