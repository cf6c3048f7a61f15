import type { NodeProto, TensorProto } from "onnx-buf";
import type { Tensor } from "../../tensor.ts";
import { dequantise } from "./dequantise.ts";
import { dequantisedName } from "./dequantised-name.ts";
import { floatsOf } from "./float-weight.ts";
import { integersOf } from "./integers-of.ts";
import { LoweringError } from "./lowering.ts";
import type { LoweringCall } from "./lowering.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";
import { quantiser, straightThrough } from "./quantised-activation.ts";

const ADVICE = "Export the model again with quantize_dynamic, or use its float32 or 4-bit file";

/**
 * Product of an activation that was quantised on the way with an integer weight, as exporters write it: DynamicQuantizeLinear, the
 * product of integers, Cast, Mul by both scales. Becomes one float product of the quantised activation, through whose rounding the
 * gradient passes straight, with the dequantised weight, whose scales may vary along `axis`. `multiply` emits that product.
 */
export function integerProduct(
  { g, node, x: [a, b, , zero] }: LoweringCall,
  axis: number,
  multiply: (values: string, weight: string, output: string) => void,
): void {
  const maker = quantiser(g, a!);
  const weight = g.facts.weight(b);
  // Integers that no quantiser made carry no gradient.
  if (!maker && !weight) return void g.nodes.push(node);
  if (!maker || !weight)
    throw new LoweringError(node, "multiplies integers that are neither a quantised activation nor a weight", ADVICE);
  const chain = scaling(g, node, maker);
  if (!chain) throw new LoweringError(node, "is not followed by a cast and the product with both scales", ADVICE);
  const scale = g.facts.weight(chain.weightScale);
  if (!scale) throw new LoweringError(node, "scales its weight by a value computed at run time", ADVICE);
  g.replace(chain.cast, () => {});
  g.replace(chain.product, () => {
    const parts = [node.opType, zero, chain.weightScale];
    const matrix = g.weight(dequantisedName(b!), parts, () => wholeWeight(weight, scale, g.facts.weight(zero), axis));
    multiply(roundedActivation(g, a!, maker), matrix, chain.product.output[0]);
  });
}

interface Scaling {
  cast: NodeProto;
  product: NodeProto;
  weightScale: string;
}

/** Scale and zero point that a quantiser made or was given. */
const scaleAndZero = (maker: NodeProto): string[] =>
  maker.opType === "QuantizeLinear" ? maker.input.slice(1) : maker.output.slice(1);

/** The cast and the product that make floats of the integer result. */
function scaling(g: LoweringBuilder, node: NodeProto, maker: NodeProto): Scaling | undefined {
  const onlyReader = (value: string) => {
    const readers = g.readers(value);
    return readers.length === 1 && !g.isOutput(value) ? readers[0] : undefined;
  };
  const cast = onlyReader(node.output[0]);
  const product = cast?.opType === "Cast" ? onlyReader(cast.output[0]) : undefined;
  if (!cast || product?.opType !== "Mul") return undefined;
  const factor = product.input.find((name) => name !== cast.output[0]);
  const scales = factor ? g.facts.producer(factor) : undefined;
  const [activationScale] = scaleAndZero(maker);
  if (scales?.opType !== "Mul" || !scales.input.includes(activationScale)) return undefined;
  const weightScale = scales.input.find((name) => name !== activationScale);
  return weightScale ? { cast, product, weightScale } : undefined;
}

function roundedActivation(g: LoweringBuilder, integers: string, maker: NodeProto): string {
  const values = g.op("DequantizeLinear", [integers, ...scaleAndZero(maker).filter(Boolean)]);
  return straightThrough(g, values, g.renamed(maker.input[0]));
}

function wholeWeight(weight: TensorProto, scale: TensorProto, zero: TensorProto | undefined, axis: number): Tensor {
  const dims = weight.dims.map(Number);
  // One zero point or scale may stand for the whole axis while the other has one an index.
  const single = (tensor: TensorProto) => tensor.dims.every((size) => size === 1n);
  const scales = floatsOf(scale);
  const zeros = zero && integersOf(zero);
  return dequantise({
    values: integersOf(weight),
    dims,
    scales: Float64Array.from({ length: dims.at(axis)! }, (_, k) => scales[single(scale) ? 0 : k]),
    zeroPoints: zero && zeros && ((k) => zeros(single(zero) ? 0 : k)),
    axis,
    block: 0,
    type: "float32",
  });
}
