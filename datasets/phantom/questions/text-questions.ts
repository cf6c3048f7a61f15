import type { Random } from "../../../kernels/random.ts";
import { ENTITIES } from "../knowledge/entities.ts";
import { type Fact, tailOf } from "../knowledge/facts.ts";
import { chains } from "../knowledge/chains.ts";
import { RELATIONS, type Relation } from "../knowledge/relations.ts";
import { CLAIM_FRAMES, STATEMENTS } from "./claim-templates.ts";
import { mention, nest } from "./nest.ts";
import type { QuestionAnswer, TemplateSplit } from "./question.ts";
import { choose, fill } from "./templates.ts";

/** Asks for the tail of a fact. The family is the relation. */
export const textQuestion = (fact: Fact, split: TemplateSplit, random: Random): QuestionAnswer => ({
  ...nest([fact.relation], mention(fact.head), split, random),
  answer: fact.tail,
  family: fact.relation,
  hops: 1,
  about: [fact.head],
});

/**
 * Asks whether a statement of the fact's relation and head holds. The statement is the fact itself or, equally often, names another
 * tail of the same type. In the family "negated-claim" the question denies it, so that "yes" means that the fact does not hold. The
 * wording is drawn last: streams of one seed give the same statement in the words of either split.
 */
export function claimQuestion(
  fact: Fact,
  split: TemplateSplit,
  random: Random,
  family: "claim" | "negated-claim" = "claim",
): QuestionAnswer {
  const holds = random.below(2) === 1;
  const others = ENTITIES[RELATIONS[fact.relation].tail].filter((name) => name !== fact.tail);
  const y = holds ? fact.tail : random.pick(others);
  const slots = { x: mention(fact.head), y: mention(y) };
  const statement = random.pick(STATEMENTS[fact.relation]);
  const { text, index } = choose(CLAIM_FRAMES[family], split, random);
  return {
    question: fill(fill(text, { ...statement }), slots),
    answer: holds === (family === "claim") ? "yes" : "no",
    family,
    hops: 1,
    template: `${split}/${index}:${STATEMENTS[fact.relation].indexOf(statement)}`,
    about: [fact.head, y],
  };
}

/**
 * Asks for the end of a path of two or three relations. The family is the path, joined by "/".
 *
 * Throws: UnknownNameError when the first relation does not apply to `head`.
 */
export function composedQuestion(
  head: string,
  path: readonly Relation[],
  split: TemplateSplit,
  random: Random,
): QuestionAnswer {
  tailOf(head, path[0]);
  return {
    ...nest(path, mention(head), split, random),
    answer: chains(head, path).at(-1)!,
    family: path.join("/"),
    hops: path.length as 2 | 3,
    about: [head],
  };
}
