const SHOWN = 8;

/** A shape for a message: "[2, 3]", cut where a file claims more dimensions than anyone wants to read. */
export const shapeText = (dims: readonly bigint[]): string =>
  `[${dims.slice(0, SHOWN).join(", ")}${dims.length > SHOWN ? `, ... ${dims.length} in all` : ""}]`;
