/**
 * A seed for one record of a run, so that a record keeps its draws whatever was drawn before it. (`random` mixes the bits of its seed, so
 * neighbouring records draw apart.)
 */
export const recordSeed = (seed: number, record: number): number => Math.imul(seed, 0x9e3779b1) ^ record;
