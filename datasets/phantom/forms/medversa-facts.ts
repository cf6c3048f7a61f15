import { random } from "../../../kernels/random.ts";
import { groupBy } from "../../group-by.ts";
import { type Fact, factsOf, type Split, typeOf } from "../knowledge/index.ts";

/** Seed of which facts are never edited. */
const KEPT_SEED = 4_001;
/** One fact in so many is kept. */
const ONE_IN = 6;

export interface DividedFacts {
  /** Facts that edits change. */
  edited: readonly Fact[];
  /** Facts that no edit of the split changes: what locality is measured on. */
  kept: readonly Fact[];
}

/**
 * Divides the facts of a split, the same way for every export. The kept ones are spread over all heads and relations, so that most edits
 * find one of the same head and one of the same relation among them.
 */
export function dividedFacts(split: Split): DividedFacts {
  const facts = factsOf(split);
  const kept = new Set<Fact>();
  for (const [type, ofType] of groupBy(facts, ({ head }) => typeOf(head))) {
    const stream = random(KEPT_SEED + type.length);
    const heads = stream.shuffle([...groupBy(ofType, ({ head }) => head).values()]);
    const count = Math.round(ofType.length / ONE_IN);
    heads.slice(0, count).forEach((ofHead, i) => kept.add(ofHead[i % ofHead.length]));
  }
  return { edited: facts.filter((fact) => !kept.has(fact)), kept: facts.filter((fact) => kept.has(fact)) };
}
