import { distance } from "fastest-levenshtein";
import { random } from "../../../kernels/random.ts";
import { DEVICES, FINDINGS, MODALITIES, ORGANS } from "../world/vocabulary.ts";
import { FIRST_SYLLABLES, LAST_SYLLABLES, MIDDLE_SYLLABLES, REAL_PATTERNS } from "./syllables.ts";

/** Fewest letters by which two names differ: a misspelt name is then never another one. */
export const LEAST_DISTANCE = 2;

const SHARE_OF_SHORT_NAMES = 0.85;
const VOCABULARY: readonly string[] = [...MODALITIES, ...ORGANS, ...FINDINGS, ...DEVICES];

/**
 * `count` pronounceable names of two or three syllables. Any two of them, and any one of them and a word of the world's vocabulary,
 * differ by at least `LEAST_DISTANCE` letters, neither contains the other, and none looks like a real disease or drug.
 */
export function inventNames(count: number, seed: number): string[] {
  const { below, pick } = random(seed);
  const names: string[] = [];
  while (names.length < count) {
    const middle = below(100) < SHARE_OF_SHORT_NAMES * 100 ? "" : pick(MIDDLE_SYLLABLES);
    const name = pick(FIRST_SYLLABLES) + middle + pick(LAST_SYLLABLES);
    if (REAL_PATTERNS.some((pattern) => pattern.test(name)) || TRIPLE.test(name)) continue;
    if ([...VOCABULARY, ...names].every((other) => apart(name, other))) names.push(name);
  }
  return names;
}

/** The same letter three times, or a cluster nobody can say. */
const TRIPLE = /(.)\1\1|[^aeiouy]{4}/;

const apart = (a: string, b: string) => distance(a, b) >= LEAST_DISTANCE && !a.includes(b) && !b.includes(a);
