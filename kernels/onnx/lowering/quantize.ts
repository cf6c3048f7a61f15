import { stopGradient } from "../gradients/stop-gradient.ts";
import { shallowCopy } from "../graph.ts";
import type { Lowering } from "./lowering.ts";

const PASSED_ON: Record<string, number> = { ConvInteger: 0, DequantizeLinear: 0, MatMulInteger: 0 };

/**
 * Quantisation of an activation stays as it is: the operator that reads the integers passes the gradient around it. Where another
 * operator reads them the node keeps no mark, so that a gradient that would end here unseen is refused.
 */
export const quantize: Lowering = ({ g, node, y: [y] }) => {
  const copy = shallowCopy(node, { metadataProps: [...node.metadataProps] });
  const passedOn = g.readers(y!).every((reader) => reader.input[PASSED_ON[reader.opType] ?? -1] === y);
  if (passedOn && !g.isOutput(y!)) stopGradient(copy);
  g.nodes.push(copy);
};
