import type { GraphBuilder } from "../graph-builder.ts";
import { float32 } from "../../../tensor.ts";
import type { Float, Value } from "../value.ts";

/** Cosines and sines of the rotation angles, [batch, 1, tokens, head]; one table serves all layers. */
export interface Rotary {
  cos: Float;
  sin: Float;
}

/**
 * Angles position × base^(-2i / head). Source: arXiv 2104.09864, in the half-split layout of Llama checkpoints.
 *
 * Shapes: positions [batch, tokens]; `head` is even.
 */
export const rotaryAngles = (g: GraphBuilder, positions: Value<"int64">, head: number, base = 10000): Rotary =>
  g.scope("rotary", () => {
    const rates = Float32Array.from({ length: head / 2 }, (_, i) => 1 / base ** ((2 * i) / head));
    const table = g.constant({ ...float32(rates, [1, 1, head / 2]), type: "float32" as const });
    const half = g.mul(g.unsqueeze(g.cast(positions, "float32"), 2), table);
    const angles = g.unsqueeze(g.concat([half, half], -1), 1);
    return { cos: g.cos(angles), sin: g.sin(angles) };
  });

/** Rotates queries or keys. Shapes: x [batch, heads, tokens, head]. */
export function rotate(g: GraphBuilder, x: Float, { cos, sin }: Rotary): Float {
  const size = g.fixed(x, -1, "rotary");
  const turned = g.concat([g.neg(g.slice(x, -1, size / 2, size)), g.slice(x, -1, 0, size / 2)], -1);
  return g.add(g.mul(x, cos), g.mul(turned, sin));
}
