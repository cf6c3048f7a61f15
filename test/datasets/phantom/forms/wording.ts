import { ENTITIES } from "../../../../datasets/phantom/knowledge/index.ts";
import { SIDES } from "../../../../datasets/phantom/world/vocabulary.ts";

const NAMES = new Set([
  ...Object.values(ENTITIES)
    .flat()
    .flatMap((name) => name.split(" ")),
  ...SIDES,
]);

/** A question with every entity and side replaced by "x": two questions of one wording are the same then. */
export const wording = (text: string): string =>
  text
    .replace(/\p{P}/gu, "")
    .split(" ")
    .map((word) => (NAMES.has(word) ? "x" : word))
    .join(" ")
    .replace(/\b(an?|the) x/g, "x");
