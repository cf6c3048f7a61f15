import { random } from "../../../kernels/random.ts";
import type { Change } from "../world/sample-scene-change.ts";
import { type Modality, MODALITIES } from "../world/vocabulary.ts";
import { pairClusters } from "../../pair-clusters.ts";
import { detailSimilarity } from "./mediconfusion-detail.ts";
import { confusionPool, type PoolEntry, type PoolImage, type PoolOptions } from "./mediconfusion-pool.ts";
import {
  type Difference,
  differences,
  pairQuestion,
  type PairQuestion,
  pickDifference,
} from "./mediconfusion-questions.ts";
import { exportSeed, MAX_INDEX } from "./splits.ts";

/** A pair is kept when the encoder sees it as more alike than this share of a modality's candidates, … */
export const ENCODER_QUANTILE = 0.5;
/** … and the second view as less alike than all but this share of them. */
export const DETAIL_QUANTILE = 0.75;
/** Pairs in which one image may stand. */
const MOST_PAIRS_OF_IMAGE = 2;
/** Scenes drawn for each pair that is wanted. */
const SCENES_PER_PAIR = 4;
/** Of the pairs, the share of two scenes that were drawn apart; in the others one is the other with one attribute changed, while there are enough. */
const NATURAL_SHARE = 0.125;

interface Candidate {
  images: [PoolImage, PoolImage];
  modality: Modality;
  /** What was changed; two scenes drawn apart have none. */
  change?: Change;
  found: Difference[];
  encoder: number;
  detail: number;
}

export interface MinedPair extends Omit<Candidate, "found"> {
  family: string;
  question: PairQuestion;
  /** Number of the cluster, from 1. */
  cluster: number;
}

export interface Mined {
  pairs: MinedPair[];
  /** How the pairs of each modality were found. */
  thresholds: Record<string, { candidates: number; encoder: number; detail: number; eligible: number; kept: number }>;
}

export interface MineOptions extends Omit<PoolOptions, "perModality"> {
  /** Pairs that are wanted; of each modality about equally many. */
  count: number;
}

/**
 * Finds confusion pairs as MediConfusion does: image pairs that one encoder sees as alike and a second view as different. Candidates are
 * scenes with one attribute changed, and each image with the one that the encoder sees as nearest among the others of its modality. Both
 * cut-offs are quantiles of the candidates of a modality, since the similarities of two modalities do not compare.
 *
 * Deterministic given the seed, the count and the encoder. Fewer pairs come back where fewer pass.
 * Throws: ExportSeedError; CancelledError; what `encode` throws.
 * Source: arXiv 2409.15477, section 3 (BiomedCLIP >= 0.90, DINOv2 < 0.75); adapted: quantiles, and a second view that needs no model.
 */
export async function mineConfusionPairs(options: MineOptions): Promise<Mined> {
  const { count, seed } = options;
  const pool = await confusionPool({
    ...options,
    perModality: Math.ceil((count / MODALITIES.length) * SCENES_PER_PAIR),
  });
  const stream = random(exportSeed("mediconfusion", "test", seed, MAX_INDEX - 1));
  const thresholds: Mined["thresholds"] = {};
  const kept = MODALITIES.flatMap((modality, i) => {
    const wanted = Math.floor((count + i) / MODALITIES.length);
    const candidates = [...counterparts(modality, pool.get(modality)!), ...neighbours(modality, pool.get(modality)!)];
    const encoder = quantile(
      candidates.map(({ encoder }) => encoder),
      ENCODER_QUANTILE,
    );
    const detail = quantile(
      candidates.map(({ detail }) => detail),
      DETAIL_QUANTILE,
    );
    const eligible = candidates.filter((pair) => pair.encoder >= encoder && pair.detail <= detail);
    const chosen = choose(eligible, wanted);
    thresholds[modality] = {
      candidates: candidates.length,
      encoder,
      detail,
      eligible: eligible.length,
      kept: chosen.length,
    };
    return chosen;
  });
  const clusters = pairClusters(kept.map(({ images }) => images));
  const pairs = stream.shuffle(kept.map((pair, i) => ({ ...pair, cluster: clusters[i] })));
  return {
    thresholds,
    pairs: pairs.map(({ found, ...pair }) => {
      const difference = pickDifference(found, stream);
      const [one, two] = pair.images;
      return {
        ...pair,
        family: difference.ask.family,
        question: pairQuestion(difference, [one.scene, two.scene], stream),
      };
    }),
  };
}

function candidate(modality: Modality, one: PoolImage, two: PoolImage, change?: Change): Candidate[] {
  const found = differences(one.scene, two.scene);
  if (found.length === 0) return [];
  const encoder = cosine(one.features, two.features);
  return [
    {
      images: [one, two],
      modality,
      ...(change && { change }),
      found,
      encoder,
      detail: detailSimilarity(one.detail, two.detail),
    },
  ];
}

const counterparts = (modality: Modality, entries: readonly PoolEntry[]): Candidate[] =>
  entries.flatMap(({ image, counterpart }) =>
    counterpart ? candidate(modality, image, counterpart.image, counterpart.change) : [],
  );

/** Each drawn scene with the nearest other one. */
function neighbours(modality: Modality, entries: readonly PoolEntry[]): Candidate[] {
  const images = entries.map(({ image }) => image);
  const pairs = new Map<string, Candidate[]>();
  images.forEach((image, i) => {
    let [nearest, most] = [-1, -Infinity];
    images.forEach((other, j) => {
      const alike = i === j ? -Infinity : cosine(image.features, other.features);
      if (alike > most) [nearest, most] = [j, alike];
    });
    if (nearest < 0) return;
    const [a, b] = [Math.min(i, nearest), Math.max(i, nearest)];
    pairs.set(`${a} ${b}`, candidate(modality, images[a], images[b]));
  });
  return [...pairs.values()].flat();
}

/** The most alike first, both kinds in their shares as far as there are enough, and no image too often. */
function choose(eligible: readonly Candidate[], wanted: number): Candidate[] {
  const ordered = [...eligible].sort((a, b) => b.encoder - a.encoder);
  const uses = new Map<PoolImage, number>();
  const chosen = new Set<Candidate>();
  const take = (from: readonly Candidate[], most: number) => {
    let left = most;
    for (const pair of from) {
      if (left <= 0 || chosen.size >= wanted) return;
      if (chosen.has(pair) || pair.images.some((image) => (uses.get(image) ?? 0) >= MOST_PAIRS_OF_IMAGE)) continue;
      chosen.add(pair);
      for (const image of pair.images) uses.set(image, (uses.get(image) ?? 0) + 1);
      left--;
    }
  };
  take(ordered.filter(({ change }) => !change), Math.round(NATURAL_SHARE * wanted)); // prettier-ignore
  take(ordered.filter(({ change }) => change), wanted); // prettier-ignore
  take(ordered, wanted);
  return [...chosen];
}

/** The least value that has `share` of the values below it. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, one, two] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    one += a[i] ** 2;
    two += b[i] ** 2;
  }
  return product / (Math.sqrt(one * two) || 1);
}
