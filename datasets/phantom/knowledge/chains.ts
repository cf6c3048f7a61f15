import { tailOf } from "./facts.ts";
import { RELATIONS, type Relation } from "./relations.ts";

/**
 * The paths of two and three relations about which questions are asked. The path back from a condition to its finding is left out:
 * whoever sees the finding has its answer already.
 */
export const PATHS: readonly (readonly Relation[])[] = [
  ["treating-agent", "agent-class"],
  ["treating-agent", "adverse-effect"],
  ["cause", "origin"],
  ["affected-organ", "function"],
  ["leading-condition", "affected-organ"],
  ["leading-condition", "treating-agent"],
  ["leading-condition", "cause"],
  ["leading-condition", "confirming-assay"],
  ["leading-condition", "covering-guideline"],
  ["leading-condition", "treating-agent", "agent-class"],
  ["leading-condition", "treating-agent", "adverse-effect"],
  ["leading-condition", "cause", "origin"],
  ["leading-condition", "affected-organ", "function"],
];

/** The type of entity from which a path starts. */
export const headOf = (path: readonly Relation[]) => RELATIONS[path[0]].head;

/**
 * The entities that a path of relations leads through, the last being its end: `chains("glimmar", ["leading-condition", "cause"])` is
 * the leading condition and the cause of that condition.
 *
 * Throws: UnknownNameError when a relation does not apply to the entity that the path has reached.
 */
export function chains(head: string, relations: readonly Relation[]): string[] {
  const tails: string[] = [];
  for (const relation of relations) tails.push(tailOf(tails.at(-1) ?? head, relation));
  return tails;
}
