import { makeNode } from "../builder.ts";
import { integerProduct } from "./integer-product.ts";
import type { Lowering } from "./lowering.ts";

/** Scales and zero points of the weight may vary by output channel. Padding stands for 0 in both forms. */
export const convInteger: Lowering = (call) =>
  integerProduct(call, 0, (values, weight, output) => {
    const convolution = makeNode("Conv", [values, weight], [output], {}, `${call.g.fusedNode}/${output}`);
    convolution.attribute.push(...call.node.attribute);
    call.g.nodes.push(convolution);
  });
