import type { Stage } from "./batch-protocol.ts";
import { recordSeed } from "../../../../datasets/record-seed.ts";

/** Seeds of training scenes; those of the test split differ in `purpose`. */
export const sceneSeed = (seed: number, purpose: Stage | "test", index: number): number =>
  recordSeed(recordSeed(seed, { vision: 1, language: 2, test: 3, wordings: 4 }[purpose]), index);
