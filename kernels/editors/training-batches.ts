import { numpyRandom } from "../numpy-random.ts";

/**
 * Indices of the training batches of some epochs. One stream shuffles the samples again whenever they are used up, in the middle of a batch
 * too, so that every batch is full; an epoch is as many batches as hold all samples once.
 *
 * Batches larger than the sample are cut to it. Shapes: result [epochs][batches][batch size].
 * Source: MedREK and RECIPE, parallel data set.
 */
export function trainingBatches(samples: number, batchSize: number, seed: number, epochs: number): number[][][] {
  const size = Math.min(batchSize, samples);
  const stream = numpyRandom(seed);
  const indices = [...Array(samples).keys()];
  const left: number[] = [];
  const batch = () => {
    while (left.length < size) left.push(...stream.shuffle(indices));
    return left.splice(0, size);
  };
  return Array.from({ length: epochs }, () => Array.from({ length: Math.ceil(samples / size) }, batch));
}
