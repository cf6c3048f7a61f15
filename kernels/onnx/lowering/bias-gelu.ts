import { exactGelu } from "./gelu.ts";
import type { Lowering } from "./lowering.ts";

/** Exact GELU of x + bias. */
export const biasGelu: Lowering = ({ g, x: [x, bias], y: [y] }) => exactGelu(g, g.add(x!, bias!), g.type(x!), y);
