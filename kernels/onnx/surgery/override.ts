import type { NodeProto } from "onnx-buf";
import type { TensorType } from "../../tensor.ts";
import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import type { Dimension } from "../builder.ts";
import { isFloat, tensorType } from "../element-type.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { int64 } from "../../tensor.ts";
import { declared, freshNames, producers, requireGraphName } from "../values.ts";
import { SurgeryError } from "./site-node.ts";

/** Names of the graph inputs that override a value. */
export const overrideNames = (value: string) => ({
  mask: `override:${value}:mask`,
  values: `override:${value}:values`,
});

/** What is known of the value; both are read from the graph where it declares them. */
export interface OverrideOptions {
  /** Element type. Default: as declared, else that of the graph's weights. */
  type?: TensorType;
  /** Sizes, the last being the features. Default: as declared, else [batch_size, sequence_length, unknown]. */
  dims?: readonly Dimension[];
}

/**
 * Replaces a hidden state where a mask is set: y becomes where(mask, values, y), position by position. Every reader of y, in the graph
 * and outside it, sees the result. A mask of zeros gives the base model's values bit for bit.
 *
 * Shapes: y [batch, tokens, features]; mask bool [batch, tokens]; values [batch, tokens, features] in the element type of y.
 * Throws: UnknownGraphNameError when no node computes the value; SurgeryError when it is overridden already.
 */
export function override(model: OnnxModel, value: string, options: OverrideOptions = {}): OnnxModel {
  const { graph } = model;
  requireGraphName("computed value", value, producers(model).keys());
  const { mask, values } = overrideNames(value);
  if (graph.input.some((input) => input.name === mask))
    throw new SurgeryError(`value "${value}": it is overridden already. Feed the existing input "${mask}".`);
  const info = [...graph.output, ...graph.valueInfo].find((candidate) => candidate.name === value);
  const known = info && declared(info);
  const type = options.type ?? known?.type ?? weightsType(model);
  const dims = options.dims ?? known?.dims ?? ["batch_size", "sequence_length", undefined];
  const fresh = freshNames(model);
  const [base, last, spread] = [fresh(`${value}/base`), fresh(`${mask}:axis`), fresh(`${mask}:spread`)];
  const nodes = [
    makeNode("Unsqueeze", [mask, last], [spread], {}, spread),
    makeNode("Where", [spread, values, base], [value], {}, fresh(`override:${value}`)),
  ];
  return withGraph(model, {
    node: graph.node.flatMap((node) => (node.output.includes(value) ? [renamed(node, value, base), ...nodes] : [node])),
    input: [...graph.input, makeValueInfo(mask, "bool", dims.slice(0, -1)), makeValueInfo(values, type, dims)],
    initializer: [...graph.initializer, makeTensor(last, int64([-1], [1]))],
  });
}

const renamed = (node: NodeProto, from: string, to: string) =>
  shallowCopy(node, { output: node.output.map((output) => (output === from ? to : output)) });

/** Element type of most float weights. */
function weightsType({ graph }: OnnxModel): TensorType {
  const count = new Map<TensorType, number>();
  for (const { dataType } of graph.initializer) {
    const type = tensorType(dataType);
    if (type && isFloat(type)) count.set(type, (count.get(type) ?? 0) + 1);
  }
  return [...count].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "float32";
}
