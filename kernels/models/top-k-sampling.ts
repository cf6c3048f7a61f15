import { LogitsProcessor, type Tensor as HubTensor } from "@huggingface/transformers";
import { random, type Random } from "../random.ts";

export interface SamplingOptions {
  /** The most likely tokens among which one is drawn, by their renormalised probabilities. 1 is greedy. Default 5. */
  topK?: number;
  /** Default 0. The same seed gives the same text. */
  seed?: number;
}

/**
 * Draws the next token from our seeded stream and leaves it as the only possible one, so that greedy generation takes it: transformers.js
 * samples with a generator that cannot be seeded.
 */
export class TopKSampling extends LogitsProcessor {
  readonly #topK: number;
  readonly #stream: Random;

  constructor({ topK = 5, seed = 0 }: SamplingOptions = {}) {
    super();
    this.#topK = topK;
    this.#stream = random(seed);
  }

  override _call(_ids: bigint[][], logits: HubTensor): HubTensor {
    const data = logits.data as Float32Array;
    const width = logits.dims.at(-1)!;
    for (let start = 0; start < data.length; start += width) {
      const row = data.subarray(start, start + width);
      const drawn = drawTopK(row, this.#topK, this.#stream);
      row.fill(-Infinity);
      row[drawn] = 0;
    }
    return logits;
  }
}

/** Draws one of the `k` most likely tokens of a row of logits; of equal ones the first count as more likely. */
export function drawTopK(row: Float32Array, k: number, stream: Random): number {
  const best = [...row.keys()].sort((a, b) => row[b] - row[a] || a - b).slice(0, k);
  const weights = best.map((id) => Math.exp(row[id] - row[best[0]]));
  let left = stream.between(
    0,
    weights.reduce((sum, weight) => sum + weight, 0),
  );
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return best[i];
  }
  return best[best.length - 1];
}
