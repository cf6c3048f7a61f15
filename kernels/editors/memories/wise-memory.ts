import { UserFacingError } from "../../errors.ts";
import { wiseMerge, type WiseMergeOptions } from "./wise-merge.ts";

/** Cause: shards would be merged while one is half full, which would lose its edits. Handled by: the caller, who changes an interval. */
export class WiseIntervalError extends UserFacingError {}

/** An edited copy of the weight, with what decides when it answers. */
export interface WiseShard {
  /** The whole weight in the model's layout, not a change of it. */
  weight: Float32Array;
  /** Smallest activation distance that one of its edits had when its training ended; Infinity where there is none. */
  minActivation: number;
  /** Ids of the cases edited into it, oldest first. */
  cases: readonly string[];
}

/**
 * WISE's side memory: the copy that is being edited, and those put by. A value: every function here returns a new one.
 * Source: WISE (Wang et al., NeurIPS 2024), sections 2.3.1 and 2.3.2, and the adapter of EasyEdit.
 */
export interface WiseMemory {
  current: WiseShard;
  shards: readonly WiseShard[];
  /** Edits so far, which the two intervals count. */
  edits: number;
}

export interface WiseMemoryOptions {
  /** Edits after which the current copy is put by and a fresh one begun. Default 500. */
  saveEvery?: number;
  /** Edits after which the newest mergeEvery / saveEvery shards become one. A multiple of saveEvery. Default 1000. */
  mergeEvery?: number;
  /** Sum of the weights of merged shards, shared evenly. Default 1. */
  weight?: number;
  /** How shards are merged. Default TIES with density 0.53. */
  merge?: Omit<WiseMergeOptions, "weights">;
}

const fresh = (base: Float32Array): WiseShard => ({ weight: base, minActivation: Infinity, cases: [] });

/** The memory before any edit; `base` is the model's own weight. */
export const emptyWiseMemory = (base: Float32Array): WiseMemory => ({ current: fresh(base), shards: [], edits: 0 });

/**
 * Takes in an edit: the copy as its training left it, and the edit's activation distance then. Puts the copy by, and merges shards, when
 * their intervals are full.
 *
 * Throws: WiseIntervalError where mergeEvery is not a multiple of saveEvery.
 */
export function recordEdit(
  memory: WiseMemory,
  edit: { weight: Float32Array; activation: number; caseId: string },
  base: Float32Array,
  options: WiseMemoryOptions = {},
): WiseMemory {
  const { saveEvery = 500, mergeEvery = 1000 } = options;
  if (!(saveEvery >= 1 && mergeEvery >= saveEvery && mergeEvery % saveEvery === 0))
    throw new WiseIntervalError(
      `wise: mergeEvery is ${mergeEvery} and saveEvery ${saveEvery}. Make mergeEvery a multiple of saveEvery.`,
    );
  const current: WiseShard = {
    weight: edit.weight,
    minActivation: Math.min(memory.current.minActivation, edit.activation),
    cases: [...memory.current.cases, edit.caseId],
  };
  const edits = memory.edits + 1;
  if (edits % saveEvery !== 0) return { current, shards: memory.shards, edits };
  const shards = [...memory.shards, current];
  const merged = edits % mergeEvery === 0 ? mergeNewest(shards, base, mergeEvery / saveEvery, options) : shards;
  return { current: fresh(base), shards: merged, edits };
}

/** The shards with the newest `count` merged into one, which answers from the smallest of their activations on. */
export function mergeNewest(
  shards: readonly WiseShard[],
  base: Float32Array,
  count: number,
  { weight = 1, merge = {} }: WiseMemoryOptions = {},
): WiseShard[] {
  if (!(count >= 1 && count <= shards.length))
    throw new Error(`internal: ${count} of ${shards.length} shards cannot be merged`);
  const newest = shards.slice(-count);
  const weights = newest.map(() => weight / count);
  const one: WiseShard = {
    weight: wiseMerge(
      base,
      newest.map((shard) => shard.weight),
      { ...merge, weights },
    ),
    minActivation: Math.min(...newest.map((shard) => shard.minActivation)),
    cases: newest.flatMap((shard) => shard.cases),
  };
  return [...shards.slice(0, -count), one];
}

/**
 * One weight for all shards, for models that keep no shards apart. The first merge gives the shards `weight` in even parts; later ones give
 * them 0.4, and 0.6 to what was merged before.
 * Source: adapter of EasyEdit, merge mode.
 */
export function mergeIntoOne(
  shards: readonly WiseShard[],
  merged: Float32Array | undefined,
  base: Float32Array,
  { weight = 1, merge = {} }: WiseMemoryOptions = {},
): Float32Array {
  const share = (merged ? 0.4 : weight) / shards.length;
  const tensors = shards.map((shard) => shard.weight);
  const weights = shards.map(() => share);
  return merged
    ? wiseMerge(base, [...tensors, merged], { ...merge, weights: [...weights, 0.6] })
    : wiseMerge(base, tensors, { ...merge, weights });
}
