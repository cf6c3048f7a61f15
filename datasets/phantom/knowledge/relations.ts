import type { EntityType } from "./entities.ts";

/** Every relation: from an entity of the type `head` to exactly one of the type `tail`. */
export const RELATIONS = {
  "affected-organ": { head: "condition", tail: "organ" },
  "marking-finding": { head: "condition", tail: "finding" },
  "treating-agent": { head: "condition", tail: "agent" },
  cause: { head: "condition", tail: "cause" },
  "confirming-assay": { head: "condition", tail: "assay" },
  "covering-guideline": { head: "condition", tail: "guideline" },
  "agent-class": { head: "agent", tail: "class" },
  "adverse-effect": { head: "agent", tail: "effect" },
  origin: { head: "cause", tail: "origin" },
  "leading-condition": { head: "finding", tail: "condition" },
  purpose: { head: "device", tail: "purpose" },
  function: { head: "organ", tail: "function" },
} as const satisfies Record<string, { head: EntityType; tail: EntityType }>;

export type Relation = keyof typeof RELATIONS;
export const RELATION_NAMES = Object.keys(RELATIONS) as Relation[];
