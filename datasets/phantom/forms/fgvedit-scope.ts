import { type Ask, asksOf } from "../questions/index.ts";
import type { Scene } from "../world/scene.ts";

/** A question that an edit changes: what it had for an answer and what it has now. */
export interface Changed {
  ask: Ask;
  /** Undefined where the question makes sense only after the edit, as one about the entity that the edit puts there. */
  before?: string;
}

export interface EditScope {
  /** Questions whose answers follow from the edit. */
  changed: Changed[];
  /** Questions about the picture alone whose answers stay. */
  unchanged: Ask[];
}

/**
 * Compares what can be asked about a scene with what can be asked about its twin, in which the edit is true: nobody has to judge by the
 * wording which questions an edit entails.
 */
export function editScope(scene: Scene, twin: Scene): EditScope {
  const before = new Map(asksOf(scene).map((ask) => [questionKey(ask), ask.answer]));
  const after = asksOf(twin);
  return {
    changed: after.flatMap((ask) => {
      const answer = before.get(questionKey(ask));
      return answer === ask.answer ? [] : [{ ask, before: answer }];
    }),
    unchanged: after.filter((ask) => ask.hops === 0 && before.get(questionKey(ask)) === ask.answer),
  };
}

/** What a question asks, whatever its wording and its answer: the head of a fact is what the picture shows, so the question leaves it out. */
export const questionKey = ({ family, about, hops }: Pick<Ask, "family" | "about" | "hops">): string =>
  `${family} ${about.slice(hops > 0 ? 1 : 0).join(" ")}`;
