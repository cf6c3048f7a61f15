import type { NodeProto, TensorProto } from "onnx-buf";
import { TensorProto_DataType as DataType } from "onnx-buf";
import { intAttribute } from "../attributes.ts";
import type { GraphView } from "./graph-view.ts";
import { isRotaryTable } from "./rotary-table.ts";

/** What a node does with its weight. */
export type SiteKind = "projection" | "packed attention" | "convolution" | "embedding" | "value";

/** A node that applies a constant weight to an activation: y = x·W, a convolution, or a table look-up. */
export interface WeightedNode {
  kind: Exclude<SiteKind, "value">;
  node: NodeProto;
  /** Float value x that goes in, before any quantisation. */
  input: string;
  /** Float value y that comes out, after any scaling back. */
  output: string;
  /** Name of the initialiser that holds W, and its shape as stored. */
  weight: string;
  shape: readonly number[];
  /** Whether W is stored as [out, in]. */
  transposed: boolean;
  /** Where W is one of several matrices in that initialiser. */
  part?: WeightPart;
  in: number;
  out: number;
  /** How the weight is stored, where that is not as floats: "4 bits, blocks of 32", "int8". */
  quantised?: string;
}

/** A run of rows or columns of an initialiser as stored. */
export interface WeightPart {
  axis: number;
  /** Index of the first. */
  from: number;
}

const INTEGER: Partial<Record<DataType, string>> = {
  [DataType.INT8]: "int8",
  [DataType.UINT8]: "uint8",
  [DataType.INT4]: "int4",
  [DataType.UINT4]: "uint4",
};

// Position of the weight among a node's inputs.
const PROJECTIONS: Record<string, number> = {
  MatMul: 1,
  Gemm: 1,
  FusedMatMul: 1,
  FusedGemm: 1,
  MatMulNBits: 1,
  MatMulInteger: 1,
  MatMulIntegerToFloat: 1,
  DynamicQuantizeMatMul: 1,
  QLinearMatMul: 3,
};
const CONVOLUTIONS: Record<string, number> = { Conv: 1, FusedConv: 1, ConvInteger: 1, QLinearConv: 3 };
const PACKED_ATTENTION = new Set(["Attention", "QAttention"]);

/** Reads a node as one with a constant weight; undefined for every other node. Weight bytes are not needed. */
export function weightedNode(view: GraphView, node: NodeProto): WeightedNode | undefined {
  const { opType: op } = node;
  if (op in PROJECTIONS) return projection(view, node, PROJECTIONS[op]);
  if (op in CONVOLUTIONS) return convolution(view, node, CONVOLUTIONS[op]);
  if (PACKED_ATTENTION.has(op) && node.domain === "com.microsoft") return packedAttention(view, node);
  if (op === "Gather" || op === "GatherBlockQuantized" || op === "EmbedLayerNormalization")
    return embedding(view, node);
  return undefined;
}

/** A stored weight, and what lies between it and the value that a node reads. */
interface StoredWeight {
  tensor: TensorProto;
  name: string;
  dims: number[];
  transposed: boolean;
  part?: WeightPart;
  quantised?: string;
}

/** Follows a value back to the weight that it is, through transposition, casts, dequantisation and splitting. */
function storedWeight(view: GraphView, value: string): StoredWeight | undefined {
  let transposed = false;
  let split: { pieces: string[]; axis: number; value: string; sizes?: number[]; below: boolean } | undefined;
  for (let name = value, steps = 0; steps < 8; steps++) {
    const tensor = view.constants.get(name);
    if (tensor) {
      const dims = tensor.dims.map(Number);
      let part: WeightPart | undefined;
      if (split) {
        const given = split.axis < 0 ? split.axis + dims.length : split.axis;
        // A transposition between the weight and the split has turned the axes.
        const axis = transposed === split.below ? given : dims.length - 1 - given;
        const sizes = split.sizes ?? split.pieces.map(() => dims[axis] / split!.pieces.length);
        const piece = split.pieces.indexOf(split.value);
        part = { axis, from: sizes.slice(0, piece).reduce((sum, size) => sum + size, 0) };
        dims[axis] = sizes[piece];
      }
      const quantised = INTEGER[tensor.dataType as DataType];
      const found = { tensor, name, dims: transposed ? dims.reverse() : dims, transposed };
      return { ...found, ...(part && { part }), ...(quantised && { quantised }) };
    }
    const maker = view.made.get(name);
    if (!maker) return undefined;
    if (maker.opType === "Transpose") transposed = !transposed;
    else if (maker.opType === "Split" && !split)
      split = {
        pieces: maker.output,
        axis: intAttribute(maker, "axis", 0),
        value: name,
        sizes: sizesOf(view, maker),
        below: transposed,
      };
    else if (!["Identity", "Cast", "DequantizeLinear"].includes(maker.opType)) return undefined;
    name = maker.input[0];
  }
  return undefined;
}

/** Sizes that a Split cuts off, where they are stored in the file itself. */
function sizesOf(view: GraphView, split: NodeProto): number[] | undefined {
  const tensor = view.constants.get(split.input[1] ?? "");
  if (!tensor) return undefined;
  if (tensor.int64Data.length) return tensor.int64Data.map(Number);
  const bytes = Uint8Array.from(tensor.rawData);
  return bytes.length ? Array.from(new BigInt64Array(bytes.buffer), Number) : undefined;
}

function projection(view: GraphView, node: NodeProto, at: number): WeightedNode | undefined {
  const weight = storedWeight(view, node.input[at]);
  if (!weight || view.constants.has(node.input[0])) return undefined;
  const base = { kind: "projection" as const, node, weight: weight.name, shape: weight.tensor.dims.map(Number) };
  const input = unquantised(view, node.input[0]);
  if (node.opType === "MatMulNBits") {
    const [k, n] = [intAttribute(node, "K", 0), intAttribute(node, "N", 0)];
    const quantised = `${intAttribute(node, "bits", 4)} bits, blocks of ${intAttribute(node, "block_size", 0)}`;
    return { ...base, input, output: node.output[0], transposed: true, in: k, out: n, quantised };
  }
  if (weight.dims.length !== 2 || intAttribute(node, "transA", 0)) return undefined;
  const flipped = intAttribute(node, "transB", 0) === 1;
  const [rows, columns] = weight.dims;
  return {
    ...base,
    input,
    output: node.opType === "MatMulInteger" ? rescaled(view, node.output[0]) : node.output[0],
    transposed: weight.transposed !== flipped,
    ...(flipped ? { in: columns, out: rows } : { in: rows, out: columns }),
    ...(weight.part && { part: weight.part }),
    ...(weight.quantised && { quantised: weight.quantised }),
  };
}

function convolution(view: GraphView, node: NodeProto, at: number): WeightedNode | undefined {
  const weight = storedWeight(view, node.input[at]);
  if (!weight || weight.dims.length < 3) return undefined;
  return {
    kind: "convolution",
    node,
    input: unquantised(view, node.input[0]),
    output: node.opType === "ConvInteger" ? rescaled(view, node.output[0]) : node.output[0],
    weight: weight.name,
    shape: weight.tensor.dims.map(Number),
    transposed: true,
    in: weight.dims[1] * intAttribute(node, "group", 1),
    out: weight.dims[0],
    ...(weight.quantised && { quantised: weight.quantised }),
  };
}

/** com.microsoft.Attention holds the three input projections itself, side by side. */
function packedAttention(view: GraphView, node: NodeProto): WeightedNode | undefined {
  const weight = storedWeight(view, node.input[1]);
  if (!weight || weight.dims.length !== 2) return undefined;
  const [rows, columns] = weight.dims;
  return {
    kind: "packed attention",
    node,
    input: unquantised(view, node.input[0]),
    output: node.output[0],
    weight: weight.name,
    shape: weight.tensor.dims.map(Number),
    transposed: false,
    in: rows,
    out: columns,
    ...(weight.quantised && { quantised: weight.quantised }),
  };
}

function embedding(view: GraphView, node: NodeProto): WeightedNode | undefined {
  const fused = node.opType === "EmbedLayerNormalization";
  const table = storedWeight(view, node.input[fused ? 2 : 0]);
  const indices = node.input[fused ? 0 : 1];
  if (!table || table.dims.length !== 2 || view.isConstant(indices)) return undefined;
  // A look-up in a short list of integers is shape arithmetic.
  if ([DataType.INT64, DataType.INT32, DataType.BOOL].includes(table.tensor.dataType)) return undefined;
  if (isRotaryTable(view, node.output[0])) return undefined;
  const blocks = node.opType === "GatherBlockQuantized";
  const bits = intAttribute(node, "bits", 4);
  // Two 4-bit values share a byte where the table is stored as bytes.
  const packed = blocks && bits === 4 && table.tensor.dataType === DataType.UINT8 ? 2 : 1;
  const quantised = blocks ? `${bits} bits, blocks of ${intAttribute(node, "block_size", 128)}` : table.quantised;
  return {
    kind: "embedding",
    node,
    input: indices,
    output: node.output[0],
    weight: table.name,
    shape: table.tensor.dims.map(Number),
    transposed: table.transposed,
    in: table.dims[0],
    out: table.dims[1] * packed,
    ...(quantised && { quantised }),
  };
}

/** The float value behind a quantised activation. */
function unquantised(view: GraphView, value: string): string {
  const maker = view.made.get(value);
  return maker && ["DynamicQuantizeLinear", "QuantizeLinear"].includes(maker.opType) ? maker.input[0] : value;
}

/** The float value that an integer product is scaled back to: Cast, then Mul. */
function rescaled(view: GraphView, product: string): string {
  let value = product;
  for (const op of ["Cast", "Mul"]) {
    const next = view.readers(value).find((reader) => reader.opType === op);
    if (!next) break;
    value = next.output[0];
  }
  return value;
}
