import { random } from "../../random.ts";

/**
 * Indices of minibatch number `step` (from 0) when `count` items are shuffled anew in every epoch. The last batch of an epoch may be
 * smaller. A pure function of the seed and the step, so that a resumed run sees the batches that an uninterrupted one sees.
 */
export function minibatch(count: number, batchSize: number, seed: number, step: number): number[] {
  const perEpoch = stepsPerEpoch(count, batchSize);
  const epoch = Math.floor(step / perEpoch);
  const from = (step % perEpoch) * batchSize;
  return random(mix(seed, epoch)).shuffle([...Array(count).keys()]).slice(from, from + batchSize); // prettier-ignore
}

export const stepsPerEpoch = (count: number, batchSize: number): number => Math.ceil(count / batchSize);

const mix = (seed: number, epoch: number) => (Math.imul(seed, 0x9e3779b1) + epoch) | 0;
