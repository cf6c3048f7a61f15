import { floatAttribute } from "../attributes.ts";
import type { Lowering } from "./lowering.ts";
import { rmsNorm } from "./rms-norm.ts";
import { skipSum } from "./skip-sum.ts";

/** RMS normalisation of input + skip + bias; the fourth output is that sum. */
export const skipSimplifiedLayerNormalization: Lowering = (call) => {
  const [input, skip, scale, bias] = call.x;
  const sum = skipSum(call, input!, skip!, bias);
  rmsNorm(call.g, sum, scale!, floatAttribute(call.node, "epsilon", 1e-12), call.g.type(input!), call.y[0]);
};
