export { chains, headOf, PATHS } from "./chains.ts";
export { ENTITIES, type EntityType, typeOf } from "./entities.ts";
export { type Fact, factOf, FACTS, tailOf } from "./facts.ts";
export { RELATION_NAMES, RELATIONS, type Relation } from "./relations.ts";
export { factsOf, type Split, splitOf, SPLITS } from "./splits.ts";
