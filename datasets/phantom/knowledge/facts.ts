import { UnknownNameError } from "../../../kernels/errors.ts";
import { type Random, random } from "../../../kernels/random.ts";
import { ENTITIES } from "./entities.ts";
import { RELATION_NAMES, RELATIONS, type Relation } from "./relations.ts";

/** Seed of which entity is related to which. */
export const FACT_SEED = 40;

/** One triple. Every relation is functional: a head has one tail. */
export interface Fact {
  /** `{relation}:{head}` */
  id: string;
  head: string;
  relation: Relation;
  tail: string;
}

/** The whole knowledge base, in a fixed order. */
export const FACTS: readonly Fact[] = relate(random(FACT_SEED));

/** All tails of a relation are equally frequent, to within one, so that guessing the commonest answer gains nothing. */
function relate(stream: Random): Fact[] {
  const facts: Fact[] = [];
  for (const relation of RELATION_NAMES) {
    const { head, tail } = RELATIONS[relation];
    const heads = stream.shuffle(ENTITIES[head]);
    const tails = stream.shuffle(ENTITIES[tail]);
    const ofHead = new Map(heads.map((name, i) => [name, tails[i % tails.length]]));
    if (relation === "leading-condition")
      for (const finding of heads) ofHead.set(finding, leading(finding, facts, stream));
    for (const name of ENTITIES[head])
      facts.push({ id: `${relation}:${name}`, head: name, relation, tail: ofHead.get(name)! });
  }
  return facts;
}

/** A finding points to one of the conditions that it marks. */
function leading(finding: string, facts: readonly Fact[], stream: Random): string {
  return stream.pick(facts.filter(({ relation, tail }) => relation === "marking-finding" && tail === finding)).head;
}

const BY_ID: ReadonlyMap<string, Fact> = new Map(FACTS.map((fact) => [fact.id, fact]));

/**
 * The fact that states the `relation` of `head`.
 *
 * Throws: UnknownNameError when the knowledge base has none.
 */
export function factOf(head: string, relation: Relation): Fact {
  const fact = BY_ID.get(`${relation}:${head}`);
  if (fact) return fact;
  const type = RELATIONS[relation]?.head;
  throw new UnknownNameError(
    `the phantom knowledge base has no ${relation} of "${head}"; ${type ? `the head must be a ${type}` : `relations: ${RELATION_NAMES.join(", ")}`}.`,
  );
}

/** The one entity to which `head` stands in `relation`. Throws: UnknownNameError when the knowledge base has none. */
export const tailOf = (head: string, relation: Relation): string => factOf(head, relation).tail;
