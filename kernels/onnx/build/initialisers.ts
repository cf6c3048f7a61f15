import { random } from "../../random.ts";

/** Fills a new parameter. `seed` is its own: it depends on the builder's seed and the parameter's name, not on the order of creation. */
export type Initialiser = (dims: readonly number[], seed: number) => Float32Array;

const count = (dims: readonly number[]) => dims.reduce((product, size) => product * size, 1);

export const constant =
  (value: number): Initialiser =>
  (dims) =>
    new Float32Array(count(dims)).fill(value);
export const zeros = constant(0);
export const ones = constant(1);

const RESOLUTION = 2 ** 30;

/** Uniform in [-bound, bound). */
export const uniform =
  (bound: number): Initialiser =>
  (dims, seed) => {
    const stream = random(seed);
    return new Float32Array(count(dims)).map(() => bound * ((2 * stream.below(RESOLUTION)) / RESOLUTION - 1));
  };

/** Normal with mean 0 and standard deviation `deviation` (Box and Muller: two draws make two values). */
export const normal =
  (deviation: number): Initialiser =>
  (dims, seed) => {
    const stream = random(seed);
    const values = new Float32Array(count(dims));
    for (let i = 0; i < values.length; i += 2) {
      // In (0, 1]: the logarithm of 0 does not exist.
      const radius = deviation * Math.sqrt(-2 * Math.log((stream.below(RESOLUTION) + 1) / RESOLUTION));
      const angle = (2 * Math.PI * stream.below(RESOLUTION)) / RESOLUTION;
      values[i] = radius * Math.cos(angle);
      if (i + 1 < values.length) values[i + 1] = radius * Math.sin(angle);
    }
    return values;
  };

/**
 * Keeps the variance of activations from layer to layer: uniform with bound sqrt(6 / (in + out)), for weights [in, out].
 * Source: Glorot and Bengio 2010, equation 16 (reproduced).
 */
export const glorot: Initialiser = (dims, seed) =>
  uniform(Math.sqrt(6 / (dims[0] + dims[dims.length - 1])))(dims, seed);
