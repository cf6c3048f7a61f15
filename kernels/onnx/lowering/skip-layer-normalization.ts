import { floatAttribute } from "../attributes.ts";
import type { Lowering } from "./lowering.ts";
import { skipSum } from "./skip-sum.ts";

/** Layer normalisation of input + skip + bias; the fourth output is that sum. */
export const skipLayerNormalization: Lowering = (call) => {
  const [input, skip, gamma, beta, bias] = call.x;
  const sum = skipSum(call, input!, skip!, bias);
  const epsilon = { float: floatAttribute(call.node, "epsilon", 1e-12) };
  call.g.op("LayerNormalization", [sum, gamma!, ...(beta ? [beta] : [])], { axis: -1, epsilon }, call.y[0]);
};
