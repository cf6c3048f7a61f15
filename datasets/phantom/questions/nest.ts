import { typeOf } from "../knowledge/entities.ts";
import type { Relation } from "../knowledge/relations.ts";
import type { Random } from "../../../kernels/random.ts";
import { PHRASE_TEMPLATES } from "./phrase-templates.ts";
import type { TemplateSplit } from "./question.ts";
import { RELATION_TEMPLATES } from "./relation-templates.ts";
import { choose, fill, withArticle } from "./templates.ts";

export interface Worded {
  question: string;
  template: string;
}

/** How a sentence names an entity: findings with "a", what stands in a picture with "the", and the others by their bare names. */
export function mention(name: string): string {
  const type = typeOf(name);
  if (type === "finding") return withArticle(name);
  return type === "organ" || type === "device" ? `the ${name}` : name;
}

/**
 * Asks for the end of a path of relations: every relation but the last becomes a phrase around its head, as in "which class does the
 * agent that treats {subject} belong to?". All wordings are of one split.
 */
export function nest(path: readonly Relation[], subject: string, split: TemplateSplit, random: Random): Worded {
  const indices: number[] = [];
  let x = subject;
  for (const [depth, relation] of path.slice(0, -1).entries()) {
    const fits = (text: string) => depth === 0 || text.endsWith("{x}");
    const { text, index } = choose(PHRASE_TEMPLATES[relation]!, split, random, fits);
    x = fill(text, { x });
    indices.push(index);
  }
  const { text, index } = choose(RELATION_TEMPLATES[path.at(-1)!], split, random);
  const inner = indices.length ? `:${indices.reverse().join(":")}` : "";
  return { question: fill(text, { x }), template: `${split}/${index}${inner}` };
}
