import type { NodeProto, TensorProto } from "onnx-buf";
import { TensorProto_DataType as DataType } from "onnx-buf";
import type { Tensor } from "../../tensor.ts";
import { intAttribute } from "../attributes.ts";
import { dequantise } from "./dequantise.ts";
import { dequantisedName } from "./dequantised-name.ts";
import { floatsOf } from "./float-weight.ts";
import { integersOf } from "./integers-of.ts";
import type { Lowering } from "./lowering.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";
import { quantiser, straightThrough } from "./quantised-activation.ts";

/**
 * A quantised weight becomes a float weight that its readers read directly. A quantised activation passes the gradient straight
 * through its rounding, and nothing where it was clipped. Other integers carry no gradient: the node stays.
 */
export const dequantizeLinear: Lowering = ({ g, node, x: [x, s, z], y: [y] }) => {
  const [weight, scales, zeros] = [g.facts.weight(x), g.facts.weight(s), g.facts.weight(z)];
  const maker = quantiser(g, x!);
  if (weight && scales && (!z || zeros))
    g.rename(
      y!,
      g.weight(dequantisedName(x!), ["DequantizeLinear", s, z], () =>
        wholeWeight(node, weight, scales, zeros, g.type(s!)),
      ),
    );
  else if (maker) straightThrough(g, dequantised(g, node), clipped(g, node, maker), y);
  else g.nodes.push(node);
};

const wholeWeight = (
  node: NodeProto,
  weight: TensorProto,
  scales: TensorProto,
  zeros: TensorProto | undefined,
  type: Tensor["type"],
): Tensor =>
  dequantise({
    values: integersOf(weight),
    dims: weight.dims.map(Number),
    scales: floatsOf(scales),
    zeroPoints: zeros && integersOf(zeros),
    axis: intAttribute(node, "axis", 1),
    block: intAttribute(node, "block_size", 0),
    type,
  });

function dequantised(g: LoweringBuilder, node: NodeProto): string {
  const copy = g.op("DequantizeLinear", node.input);
  g.nodes[g.nodes.length - 1].attribute.push(...node.attribute);
  return copy;
}

const RANGE: Partial<Record<number, [number, number]>> = {
  [DataType.UINT8]: [0, 255],
  [DataType.INT8]: [-128, 127],
};

/** The activation within the range that the integers can express. A dynamic scale is chosen so that all of it fits. */
function clipped(g: LoweringBuilder, node: NodeProto, maker: NodeProto): string {
  const activation = g.renamed(maker.input[0]);
  const zeros = g.facts.weight(node.input[2]);
  const scales = g.facts.weight(node.input[1]);
  const range = RANGE[zeros?.dataType ?? DataType.UINT8];
  const single = scales !== undefined && scales.dims.every((size) => size === 1n);
  if (maker.opType === "DynamicQuantizeLinear" || !single || !range) return activation;
  const [scale, zero] = [floatsOf(scales)[0], zeros ? integersOf(zeros)(0) : 0];
  const [low, high] = range.map((bound) => g.scalar((bound - zero) * scale, g.type(maker.input[0])));
  return g.op("Clip", [activation, low, high]);
}
