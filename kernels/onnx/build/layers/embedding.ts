import type { GraphBuilder } from "../graph-builder.ts";
import { normal } from "../initialisers.ts";
import type { Initialiser } from "../initialisers.ts";
import type { Float, Value } from "../value.ts";

/**
 * A row of a trainable table for each id.
 *
 * Shapes: ids [..] in [0, rows); parameter "<name>.weight" [rows, width]; result [.., width].
 */
export const embedding = (
  g: GraphBuilder,
  name: string,
  ids: Value<"int64">,
  rows: number,
  width: number,
  initialise: Initialiser = normal(0.02),
): Float => g.scope(name, () => g.gather(g.parameter("weight", [rows, width], initialise), ids));
