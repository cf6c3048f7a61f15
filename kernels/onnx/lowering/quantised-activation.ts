import type { NodeProto } from "onnx-buf";
import type { LoweringBuilder } from "./lowering-builder.ts";

/** The node that quantises an activation to this value; undefined for weights and everything else. */
export function quantiser(g: LoweringBuilder, value: string): NodeProto | undefined {
  const made = g.facts.producer(value);
  const quantises = made?.opType === "DynamicQuantizeLinear" || made?.opType === "QuantizeLinear";
  return quantises && made.output[0] === value ? made : undefined;
}

/**
 * Gives `values` (which carries no gradient) in the forward pass and the gradient of `smooth`, its counterpart before rounding:
 * the straight-through rule. Their difference is below one step, so adding it back costs no accuracy.
 */
export function straightThrough(g: LoweringBuilder, values: string, smooth: string, output?: string): string {
  return g.add(smooth, g.stopped(g.sub(values, smooth)), output);
}
