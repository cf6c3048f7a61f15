import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { OperatorSetIdProtoSchema, type NodeProto, type TensorProto } from "onnx-buf";
import { embeddedFolder } from "../../../kernels/models/embedded-models.ts";
import { shallowCopy, withGraph } from "../../../kernels/onnx/graph.ts";
import { makeNode, makeTensor, readModelFile, tensorOf, writeModel } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { halfGraph } from "./half-model.ts";

/** "q4": MatMulNBits; "q4f16": the same in half precision; "int8": products of integers, activations quantised at every run. */
export const QUANTISED_FORMS = ["q4", "q4f16", "int8"] as const;
/** "bnb4": MatMulBnb4, whose weights medke does not read. */
export type QuantisedForm = (typeof QUANTISED_FORMS)[number] | "bnb4";

const BLOCK = 32;

/** Writes phantom with a decoder whose projections are quantised as the conversion script of transformers.js does it. */
export async function writeQuantisedModel(folder: string, form: QuantisedForm): Promise<void> {
  const from = embeddedFolder("phantom");
  cpSync(from, folder, { recursive: true });
  const name = "onnx/decoder_model_merged.onnx";
  const decoder = await readModelFile(join(from, name));
  const quantised = withProducts(decoder, form === "int8" ? integers : form === "bnb4" ? normalFloats : fourBits);
  writeFileSync(join(folder, name), writeModel(form === "q4f16" ? halfGraph(quantised, "float32 edges") : quantised));
}

interface Product {
  nodes: NodeProto[];
  weights: TensorProto[];
}

/** Every product with a stored weight in another form. */
function withProducts(
  model: OnnxModel,
  make: (node: NodeProto, weight: Float32Array, dims: number[]) => Product,
): OnnxModel {
  const stored = new Map(model.graph.initializer.map((tensor) => [tensor.name, tensor]));
  const weights: TensorProto[] = [];
  const gone = new Set<string>();
  const node = model.graph.node.flatMap((each) => {
    const tensor = each.opType === "MatMul" ? stored.get(each.input[1]) : undefined;
    if (!tensor) return [each];
    gone.add(tensor.name);
    const made = make(each, tensorOf(tensor).data as Float32Array, tensor.dims.map(Number));
    weights.push(...made.weights);
    return made.nodes;
  });
  const initializer = [...model.graph.initializer.filter(({ name }) => !gone.has(name)), ...weights];
  const opsetImport = [
    ...model.opsetImport,
    create(OperatorSetIdProtoSchema, { domain: "com.microsoft", version: 1n }),
  ];
  return shallowCopy(withGraph(model, { node, initializer }), { opsetImport } as Partial<OnnxModel>);
}

/** Blocks of 32 numbers of 4 bits around 8, one scale a block. Shapes: weight [rows, columns]. */
function fourBits(node: NodeProto, weight: Float32Array, [rows, columns]: number[]): Product {
  const blocks = rows / BLOCK;
  const packed = new Uint8Array((columns * rows) / 2);
  const scales = new Float32Array(columns * blocks);
  for (let column = 0; column < columns; column++)
    for (let block = 0; block < blocks; block++) {
      const at = (i: number) => weight[(block * BLOCK + i) * columns + column];
      let most = 0;
      for (let i = 0; i < BLOCK; i++) if (Math.abs(at(i)) > Math.abs(most)) most = at(i);
      const scale = most / -8 || 1;
      scales[column * blocks + block] = scale;
      for (let i = 0; i < BLOCK; i++) {
        const value = Math.min(15, Math.max(0, Math.round(at(i) / scale) + 8));
        packed[(column * rows + block * BLOCK + i) >> 1] |= value << (i % 2 ? 4 : 0);
      }
    }
  const [x, name] = node.input;
  const product = makeNode("MatMulNBits", [x, `${name}_Q4`, `${name}_scales`], node.output, { K: rows, N: columns, bits: 4, block_size: BLOCK }, `${node.name}_Q4`); // prettier-ignore
  return {
    nodes: [shallowCopy(product, { domain: "com.microsoft" })],
    weights: [
      makeTensor(`${name}_Q4`, { type: "uint8", dims: [columns, blocks, BLOCK / 2], data: packed }),
      makeTensor(`${name}_scales`, float32(scales, [columns * blocks])),
    ],
  };
}

/** Quantiles of the normal distribution. Source: QLoRA (arXiv 2305.14314), appendix E. */
const NF4 = [-1, -0.6962, -0.5251, -0.3949, -0.2844, -0.1848, -0.0911, 0, 0.0796, 0.1609, 0.2461, 0.3379, 0.4407, 0.5626, 0.723, 1]; // prettier-ignore

/** Blocks of 64 numbers, each one of 16 quantiles times the largest of its block. */
function normalFloats(node: NodeProto, weight: Float32Array, [rows, columns]: number[]): Product {
  const size = 64;
  const at = (i: number) => weight[(i % rows) * columns + Math.floor(i / rows)];
  const packed = new Uint8Array(weight.length / 2);
  const largest = new Float32Array(weight.length / size);
  for (let i = 0; i < weight.length; i++) largest[Math.floor(i / size)] = Math.max(largest[Math.floor(i / size)], Math.abs(at(i))); // prettier-ignore
  for (let i = 0; i < weight.length; i++) {
    const share = at(i) / (largest[Math.floor(i / size)] || 1);
    const nearest = NF4.reduce(
      (best, value, k) => (Math.abs(value - share) < Math.abs(NF4[best] - share) ? k : best),
      0,
    );
    packed[i >> 1] |= nearest << (i % 2 ? 0 : 4);
  }
  const [x, name] = node.input;
  const product = makeNode("MatMulBnb4", [x, `${name}_Bnb4`, `${name}_absmax`], node.output, { K: rows, N: columns, block_size: size, quant_type: 1 }, `${node.name}_Bnb4`); // prettier-ignore
  return {
    nodes: [shallowCopy(product, { domain: "com.microsoft" })],
    weights: [
      makeTensor(`${name}_Bnb4`, { type: "uint8", dims: [packed.length], data: packed }),
      makeTensor(`${name}_absmax`, float32(largest, [largest.length])),
    ],
  };
}

/** Eight bits around 0, one scale a weight. */
function integers(node: NodeProto, weight: Float32Array, dims: number[]): Product {
  const [x, name] = node.input;
  const scale = weight.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
  const part = (suffix: string) => `${node.name}_${suffix}`;
  const op = (type: string, inputs: string[], outputs: string[], attributes = {}) => makeNode(type, inputs, outputs, attributes, outputs[0]); // prettier-ignore
  return {
    nodes: [
      op("DynamicQuantizeLinear", [x], [part("x"), part("x_scale"), part("x_zero")]),
      op("MatMulInteger", [part("x"), `${name}_quantized`, part("x_zero"), `${name}_zero_point`], [part("product")]),
      op("Cast", [part("product")], [part("float")], { to: 1 }),
      op("Mul", [part("x_scale"), `${name}_scale`], [part("scale")]),
      op("Mul", [part("float"), part("scale")], [...node.output]),
    ],
    weights: [
      makeTensor(`${name}_quantized`, { type: "int8", dims, data: Int8Array.from(weight, (value) => Math.round(value / scale)) }), // prettier-ignore
      makeTensor(`${name}_zero_point`, { type: "int8", dims: [], data: new Int8Array(1) }),
      makeTensor(`${name}_scale`, float32([scale], [])),
    ],
  };
}
