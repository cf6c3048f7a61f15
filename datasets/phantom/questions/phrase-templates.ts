import type { Relation } from "../knowledge/relations.ts";
import type { Templates } from "./templates.ts";

/**
 * Phrases that stand for the tail of a relation inside a longer question; `{x}` is the head. Only relations that a path goes on from.
 * Around another phrase only those that end in `{x}` are used: the others would tear it apart.
 */
export const PHRASE_TEMPLATES: Readonly<Partial<Record<Relation, Templates>>> = {
  "affected-organ": {
    train: [
      "the organ that {x} affects",
      "the organ affected by {x}",
      "the organ in which {x} is found",
      "the organ that is affected by {x}",
    ],
    probe: ["the organ harmed by {x}", "the organ affected in {x}"],
  },
  "treating-agent": {
    train: ["the agent that treats {x}", "the agent given for {x}", "the agent used to treat {x}"],
    probe: ["the agent of choice for {x}", "the agent with which {x} is treated"],
  },
  cause: {
    train: ["the cause of {x}", "the cause that leads to {x}", "the cause behind {x}"],
    probe: ["the cause that lies behind {x}", "the cause by which {x} is caused"],
  },
  "leading-condition": {
    train: ["the condition that {x} points to", "the leading condition for {x}", "the condition suggested by {x}"],
    probe: ["the condition to which {x} points", "the condition of which {x} is a sign"],
  },
};
