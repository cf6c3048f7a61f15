import type { NodeProto, TensorProto } from "onnx-buf";
import type { Tensor } from "../../tensor.ts";
import { dequantise } from "./dequantise.ts";
import { dequantisedName } from "./dequantised-name.ts";
import { floatsOf } from "./float-weight.ts";
import { integersOf } from "./integers-of.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering, LoweringCall } from "./lowering.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";
import { quantiser, straightThrough } from "./quantised-activation.ts";

/**
 * Product of an activation that was quantised on the way with an integer weight, as exporters write it:
 * DynamicQuantizeLinear, MatMulInteger, Cast, Mul by both scales. Becomes one product of the quantised activation, through whose
 * rounding the gradient passes straight, with the dequantised weight.
 */
export const matMulInteger: Lowering = (call) => {
  const { g, node, x: [a, b] } = call; // prettier-ignore
  const maker = quantiser(g, a!);
  const weight = g.facts.weight(b);
  if (!maker && !weight) return void g.nodes.push(node);
  if (!maker || !weight)
    throw new LoweringError(node, "multiplies integers that are neither a quantised activation nor a weight", ADVICE);
  const chain = scaling(g, node, maker);
  if (!chain) throw new LoweringError(node, "is not followed by a cast and the product with both scales", ADVICE);
  const scale = g.facts.weight(chain.weightScale);
  if (!scale) throw new LoweringError(node, "scales its weight by a value computed at run time", ADVICE);
  g.replace(chain.cast, () => {});
  g.replace(chain.product, () => {
    const values = quantisedActivation(call, maker);
    const matrix = g.weight(dequantisedName(b!), () => wholeWeight(call, weight, scale));
    g.matMul(values, matrix, chain.product.output[0]);
  });
};

const ADVICE = "Export the model again with quantize_dynamic, or use its float32 or 4-bit file";

interface Scaling {
  cast: NodeProto;
  product: NodeProto;
  weightScale: string;
}

/** The cast and the product that make floats of the integer result. */
function scaling(g: LoweringBuilder, node: NodeProto, maker: NodeProto): Scaling | undefined {
  const only = (value: string) => {
    const readers = g.readers(value);
    return readers.length === 1 && !g.isOutput(value) ? readers[0] : undefined;
  };
  const cast = only(node.output[0]);
  const product = cast?.opType === "Cast" ? only(cast.output[0]) : undefined;
  if (!cast || product?.opType !== "Mul") return undefined;
  const factor = product.input.find((name) => name !== cast.output[0]);
  const scales = factor ? g.facts.producer(factor) : undefined;
  if (scales?.opType !== "Mul" || !scales.input.includes(maker.output[1] ?? maker.input[1])) return undefined;
  const weightScale = scales.input.find((name) => name !== (maker.output[1] ?? maker.input[1]));
  return weightScale ? { cast, product, weightScale } : undefined;
}

function quantisedActivation({ g, x }: LoweringCall, maker: NodeProto): string {
  const [scale, zero] = maker.opType === "QuantizeLinear" ? maker.input.slice(1) : maker.output.slice(1);
  const values = g.op("DequantizeLinear", [x[0]!, scale, ...(zero ? [zero] : [])]);
  return straightThrough(g, values, g.renamed(maker.input[0]));
}

function wholeWeight({ g, x }: LoweringCall, weight: TensorProto, scale: TensorProto): Tensor {
  const zeros = g.facts.weight(x[3]);
  const [scales, zeroPoints] = [floatsOf(scale), zeros && integersOf(zeros)];
  const columns = Number(weight.dims.at(-1));
  // One zero point or scale may stand for all columns while the other has one a column.
  const spread = (list: ArrayLike<number>) =>
    Float64Array.from({ length: columns }, (_, k) => list[list.length === 1 ? 0 : k]);
  return dequantise({
    values: integersOf(weight),
    dims: weight.dims.map(Number),
    scales: spread(scales),
    zeroPoints: zeroPoints && spread(zeroPoints),
    axis: -1,
    block: 0,
    type: "float32",
  });
}
