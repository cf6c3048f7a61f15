import { random } from "../../../kernels/random.ts";
import { ENTITIES, type EntityType } from "./entities.ts";
import { FACTS, type Fact } from "./facts.ts";
import { RELATION_NAMES, RELATIONS } from "./relations.ts";

/** Seed of which heads' facts are edited for training, validation and test. */
export const SPLIT_SEED = 400;

export const SPLITS = ["train", "validation", "test"] as const;
/** What a fact may be edited for. A model learns all facts; only their edits are divided. */
export type Split = (typeof SPLITS)[number];

const HEAD_TYPES = [...new Set(RELATION_NAMES.map((relation) => RELATIONS[relation].head))] as EntityType[];
const OF_HEAD: ReadonlyMap<string, Split> = divide();

/** 60, 20 and 20 of a hundred heads of every type; at least one head of a type in each split. */
function divide(): Map<string, Split> {
  const stream = random(SPLIT_SEED);
  const split = new Map<string, Split>();
  for (const type of HEAD_TYPES) {
    const heads = stream.shuffle(ENTITIES[type]);
    const fifth = Math.max(1, Math.round(heads.length / 5));
    heads.forEach((head, i) => split.set(head, i < fifth ? "test" : i < 2 * fifth ? "validation" : "train"));
  }
  return split;
}

/** All facts of one head are in one split, so that an edit tried in training says nothing about a test edit's head. */
export const splitOf = (fact: Fact): Split => OF_HEAD.get(fact.head)!;

export const factsOf = (split: Split): Fact[] => FACTS.filter((fact) => splitOf(fact) === split);
