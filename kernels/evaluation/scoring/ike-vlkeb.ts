import type { TopIds } from "./ordered-top-k.ts";
import { orderedTopK } from "./ordered-top-k.ts";

/**
 * What an in-context editor puts before every probe, also those that shall not change: demonstrations, the new fact, then the query.
 *
 * Source: IKE as VLKEB runs it.
 */
export const ikeContext = (
  demonstrations: readonly string[],
  { question, answer }: { question: string; answer: string },
  query: string,
): string => `${demonstrations.join("")}New Fact: ${question} ${answer}\nPrompt: ${query}`;

/**
 * Locality of profile `ike-vlkeb`: the last `answerLength` rows that predict a token, before and after, compared by rank.
 *
 * Contexts differ in length (demonstrations stand before the edited one), so only answer rows can be compared; the denominator is not that
 * of `vlkeb-legacy`, whose locality counts every position. Shapes: both [rows][k], with unequal rows. Units: fraction in [0, 1].
 * Throws: EmptySetError. Source: VLKEB, in-context edit quality.
 */
export function ikeLocality(before: TopIds, after: TopIds, answerLength: number): number {
  const answer = (rows: TopIds) => rows.slice(0, -1).slice(-answerLength);
  return orderedTopK(answer(before), answer(after));
}
