import { DEVICES, FINDINGS, ORGANS } from "../world/vocabulary.ts";
import { requireKnown } from "../../../kernels/nearest-name.ts";
import { inventNames } from "./names.ts";

/** Seed of every name of the knowledge base. Another seed is another world, which no trained model knows. */
export const NAME_SEED = 4;

const COUNTS = {
  condition: 64,
  agent: 48,
  cause: 32,
  assay: 24,
  guideline: 16,
  class: 10,
  origin: 12,
  effect: 12,
  purpose: 4,
  function: 8,
};
type InventedType = keyof typeof COUNTS;

/** Kinds of entity. Organs, findings and devices are those of the pictures; the others exist in words alone. */
export type EntityType = InventedType | "organ" | "finding" | "device";

/** Every entity by its type; all of them are invented. A name belongs to one type only. */
export const ENTITIES: Readonly<Record<EntityType, readonly string[]>> = {
  ...inventEntities(),
  organ: ORGANS,
  finding: FINDINGS,
  device: DEVICES,
};

function inventEntities(): Record<InventedType, readonly string[]> {
  const types = Object.keys(COUNTS) as InventedType[];
  const total = types.reduce((sum, type) => sum + COUNTS[type], 0);
  const names = inventNames(total, NAME_SEED);
  const groups = types.map((type) => [type, names.splice(0, COUNTS[type])] as const);
  const entities = Object.fromEntries(groups) as unknown as Record<InventedType, readonly string[]>;
  // A guideline is known by the name of a place and by what it is, as real ones are.
  const guideline = entities.guideline.map((name, i) => `${name} ${i % 2 ? "pathway" : "protocol"}`);
  return { ...entities, guideline };
}

const TYPES: ReadonlyMap<string, EntityType> = new Map(
  (Object.keys(ENTITIES) as EntityType[]).flatMap((type) => ENTITIES[type].map((name) => [name, type] as const)),
);

/**
 * The type of an entity.
 *
 * Throws: UnknownNameError for a name that is none.
 */
export function typeOf(name: string): EntityType {
  return TYPES.get(requireKnown("entity", name, [...TYPES.keys()]))!;
}
