import { random } from "../../../kernels/random.ts";
import { groupBy } from "../../group-by.ts";
import type { Scene } from "../world/scene.ts";
import { MODALITIES } from "../world/vocabulary.ts";
import { type Candidate, confusionPool, type PoolOptions } from "./mediconfusion-pool.ts";
import { pairQuestion, type PairQuestion, pickDifference } from "./mediconfusion-questions.ts";
import { exportSeed, MAX_INDEX } from "./splits.ts";

/** A pair is kept when the encoder sees it as more alike than this share of its modality's candidates of its attribute, … */
export const ENCODER_QUANTILE = 0.97;
/** … and the second view as less alike than all but this share of them. */
export const DETAIL_QUANTILE = 0.9;
/** Scenes drawn for each pair that is wanted, each with some twenty candidates. */
const SCENES_PER_PAIR = 4;

export interface MinedPair extends Omit<Candidate, "found"> {
  family: string;
  question: PairQuestion;
}

/** How the pairs of a modality that differ in one attribute were found. */
export interface MiningThreshold {
  candidates: number;
  encoder: number;
  detail: number;
  eligible: number;
  kept: number;
}

export interface Mined {
  pairs: MinedPair[];
  /** By modality and attribute, for example "ct kind". */
  thresholds: Record<string, MiningThreshold>;
}

export interface MineOptions extends Omit<PoolOptions, "scenes"> {
  /** Pairs that are wanted; of each modality about equally many. */
  count: number;
}

/**
 * Finds confusion pairs as MediConfusion does: image pairs that one encoder sees as alike and a second view as different. Candidates are
 * scenes and what one change of one finding makes of them, rendered with new texture and noise. Both cut-offs are quantiles among the
 * candidates of one modality and one attribute, since the similarities of two of them do not compare; of those that pass, the most alike
 * are kept, by their rank. No scene is in more than one pair. A model's answers play no part.
 *
 * Deterministic given the seed, the count and the encoder. Fewer pairs come back where fewer pass.
 * Throws: ExportSeedError; CancelledError; what `encode` throws.
 * Source: arXiv 2409.15477, section 3 (BiomedCLIP >= 0.90, DINOv2 < 0.75); adapted: quantiles, an encoder's places apart, and a second
 * view that needs no model.
 */
export async function mineConfusionPairs(options: MineOptions): Promise<Mined> {
  const { count, seed } = options;
  const perModality = Math.ceil((count / MODALITIES.length) * SCENES_PER_PAIR);
  const pool = await confusionPool({ ...options, scenes: perModality * MODALITIES.length });
  const stream = random(exportSeed("mediconfusion", "test", seed, MAX_INDEX));
  const groups = groupBy(pool, ({ modality, change }) => `${modality} ${change.attribute}`);
  const passed = [...groups].map(([group, candidates]) => ({ group, candidates, ...pass(candidates) }));
  const kept = MODALITIES.flatMap((modality, i) => {
    const wanted = Math.floor((count + i) / MODALITIES.length);
    const own = passed.flatMap(({ eligible }) => eligible).filter(({ pair }) => pair.modality === modality);
    return mostAlike(own, wanted);
  });
  const thresholds = passed.map(({ group, candidates, encoder, detail, eligible }) => {
    const numbers = { candidates: candidates.length, eligible: eligible.length };
    return [group, { ...numbers, encoder, detail, kept: candidates.filter((pair) => kept.includes(pair)).length }];
  });
  return {
    thresholds: Object.fromEntries(thresholds) as Mined["thresholds"],
    pairs: stream.shuffle(kept).map(({ found, ...pair }) => {
      const difference = pickDifference(found, stream);
      return { ...pair, family: difference.ask.family, question: pairQuestion(difference, pair.scenes, stream) };
    }),
  };
}

interface Ranked {
  pair: Candidate;
  /** Share of its group that the encoder sees as more alike. */
  rank: number;
}

/** The candidates of a group that pass both cut-offs. */
function pass(group: readonly Candidate[]) {
  const encoder = quantile(group.map((pair) => pair.encoder), ENCODER_QUANTILE); // prettier-ignore
  const detail = quantile(group.map((pair) => pair.detail), DETAIL_QUANTILE); // prettier-ignore
  const ordered = [...group].sort((a, b) => b.encoder - a.encoder);
  const eligible = ordered
    .map((pair, i): Ranked => ({ pair, rank: (i + 0.5) / ordered.length }))
    .filter(({ pair }) => pair.encoder >= encoder && pair.detail <= detail);
  return { encoder, detail, eligible };
}

/** The `wanted` most alike, one of each scene. */
function mostAlike(eligible: readonly Ranked[], wanted: number): Candidate[] {
  const chosen = new Map<Scene, Candidate>();
  for (const { pair } of [...eligible].sort((a, b) => a.rank - b.rank))
    if (chosen.size < wanted && !chosen.has(pair.scenes[0])) chosen.set(pair.scenes[0], pair);
  return [...chosen.values()];
}

/** The least value that has `share` of the values below it. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
