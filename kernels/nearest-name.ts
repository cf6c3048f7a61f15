import { closest, distance } from "fastest-levenshtein";
import { UnknownNameError } from "./errors.ts";

/**
 * Refuses an unknown name and offers the nearest known one.
 *
 * Throws: UnknownNameError, for example `unknown editor "ft-lm"; did you mean "ft-llm"? Known: ft-llm, ike.`
 */
export function requireKnown<T extends string>(kind: string, name: string, known: readonly T[]): T {
  if ((known as readonly string[]).includes(name)) return name as T;
  const near = nearestName(name, known);
  const hint = near === undefined ? "." : `; did you mean "${near}"?`;
  throw new UnknownNameError(
    `unknown ${kind} "${name}"${hint} ${known.length ? `Known: ${known.join(", ")}.` : "There is none here."}`,
  );
}

/** The known name that was probably meant. A name that shares little with every known one is no typo; a guess would mislead. */
export function nearestName<T extends string>(name: string, known: readonly T[]): T | undefined {
  const near = known.length ? (closest(name, [...known]) as T) : undefined;
  return near !== undefined && distance(name, near) <= Math.max(2, near.length / 2) ? near : undefined;
}
