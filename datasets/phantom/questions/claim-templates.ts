import type { Relation } from "../knowledge/relations.ts";
import type { Templates } from "./templates.ts";

/** A relation as a statement about `{x}`, its head, and `{y}`: said, asked and denied. */
export interface Statement {
  said: string;
  asked: string;
  denied: string;
}

const active = (subject: string, verb: string, rest: string): Statement => ({
  said: `${subject} ${third(verb)} ${rest}`,
  asked: `does ${subject} ${verb} ${rest}`,
  denied: `${subject} does not ${verb} ${rest}`,
});
const passive = (rest: string): Statement => ({
  said: `{x} is ${rest} {y}`,
  asked: `is {x} ${rest} {y}`,
  denied: `{x} is not ${rest} {y}`,
});
const third = (verb: string) => (verb === "have" ? "has" : `${verb}s`);

export const STATEMENTS: Readonly<Record<Relation, readonly Statement[]>> = {
  "affected-organ": [active("{x}", "affect", "{y}")],
  "marking-finding": [active("{y}", "mark", "{x}"), passive("marked by")],
  "treating-agent": [active("{y}", "treat", "{x}"), passive("treated by")],
  cause: [active("{y}", "cause", "{x}"), passive("caused by")],
  "confirming-assay": [active("{y}", "confirm", "{x}"), passive("confirmed by")],
  "covering-guideline": [active("{y}", "cover", "{x}"), passive("covered by")],
  "agent-class": [active("{x}", "belong", "to the class {y}"), passive("in the class")],
  "adverse-effect": [active("{x}", "have", "the adverse effect {y}")],
  origin: [active("{x}", "come", "from {y}")],
  "leading-condition": [active("{x}", "point", "to {y}"), passive("a sign of")],
  purpose: [active("{x}", "serve", "{y}"), passive("used for")],
  function: [active("{x}", "have", "the function {y}")],
};

/** Frames around a statement. A negated claim is answered "yes" when the statement is false. */
export const CLAIM_FRAMES: Readonly<Record<"claim" | "negated-claim", Templates>> = {
  claim: {
    train: ["{asked}?", "is it true that {said}?", "is it correct that {said}?", "is it right to say that {said}?"],
    probe: ["is it right that {said}?", "is it correct to say that {said}?"],
  },
  "negated-claim": {
    train: [
      "is it false that {said}?",
      "is it wrong that {said}?",
      "is it true that {denied}?",
      "is it right to say that {denied}?",
      "is it wrong to say that {said}?",
    ],
    probe: ["is it false to say that {said}?", "is it correct that {denied}?"],
  },
};
