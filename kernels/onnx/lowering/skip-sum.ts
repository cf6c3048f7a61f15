import { LoweringError } from "./lowering.ts";
import type { LoweringCall } from "./lowering.ts";

/** input + skip + bias, under the name of the fourth output where that is used. */
export function skipSum({ g, node, y }: LoweringCall, input: string, skip: string, bias: string | undefined): string {
  if (y[1] || y[2])
    throw new LoweringError(
      node,
      "passes its mean or deviation on",
      "Export the model for inference, without these outputs",
    );
  return bias ? g.add(g.add(input, skip), bias, y[3]) : g.add(input, skip, y[3]);
}
