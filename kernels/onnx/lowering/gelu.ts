import type { TensorType } from "../../tensor.ts";
import type { Lowering } from "./lowering.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";

/** The com.microsoft form: exact, by the error function. */
export const gelu: Lowering = ({ g, x: [x], y: [y] }) => exactGelu(g, x!, g.type(x!), y);

/** x/2·(1 + erf(x/√2)). */
export function exactGelu(g: LoweringBuilder, x: string, type: TensorType, output: string | undefined): void {
  const erf = g.op("Erf", [g.mul(x, g.scalar(Math.SQRT1_2, type))]);
  g.mul(g.mul(x, g.scalar(0.5, type)), g.add(erf, g.scalar(1, type)), output);
}
