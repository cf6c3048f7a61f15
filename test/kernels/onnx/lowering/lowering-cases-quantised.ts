import { random } from "../../../../kernels/random.ts";
import type { Tensor, TensorType } from "../../../../kernels/tensor.ts";
import { seededValues } from "../seeded-values.ts";
import { absent, constant, int64s, weight, x } from "./lowering-case.ts";
import type { LoweringCase, LoweringInput, Sizes } from "./lowering-case.ts";

const RUNS: Sizes[] = [{ b: 2, t: 3 }, { b: 1, t: 1 }, { b: 3, t: 5 }]; // prettier-ignore

export function randomBytes(type: "uint8" | "int8", dims: number[], seed: number): Tensor {
  const stream = random(seed);
  const count = dims.reduce((product, size) => product * size, 1);
  const bytes = Uint8Array.from({ length: count }, () => stream.below(256));
  return { type, dims, data: type === "uint8" ? bytes : new Int8Array(bytes.buffer) };
}

const scales = (...dims: number[]): Tensor => {
  const values = seededValues("float32", dims, 0.1, 55);
  return { ...values, data: Float32Array.from(values.data as Float32Array, (value) => Math.abs(value) + 0.02) };
};

interface Blocks {
  bits: number;
  rows: number;
  columns: number;
  block: number;
  zeros: "none" | "packed" | "float";
  bias?: boolean;
}

function matMulNBits({ bits, rows, columns, block, zeros, bias }: Blocks): LoweringCase {
  const blocks = Math.ceil(rows / block);
  const zero: Record<Blocks["zeros"], LoweringInput> = {
    none: absent,
    packed: constant(randomBytes("uint8", [columns * Math.ceil((blocks * bits) / 8)], 41)),
    float: constant(seededValues("float32", [columns * blocks], 7, 42)),
  };
  const inputs: LoweringInput[] = [
    x("b", "t", rows),
    constant(randomBytes("uint8", [columns, blocks, (block * bits) / 8], 40)),
    constant(scales(columns * blocks)),
    zero[zeros],
    absent,
    bias ? weight([columns], 43) : absent,
  ];
  while (inputs[inputs.length - 1].kind === "absent") inputs.pop();
  return {
    op: "MatMulNBits",
    title: `${bits} bits, ${rows} rows in blocks of ${block}, zero points ${zeros}${bias ? ", bias" : ""}`,
    inputs,
    attributes: { K: rows, N: columns, bits, block_size: block },
    runs: RUNS,
  };
}

const matMulForms: Blocks[] = [4, 8].flatMap((bits) =>
  // ONNX Runtime has no kernel for float zero points of 8-bit weights.
  (["none", "packed", ...(bits === 4 ? ["float" as const] : [])] as const).flatMap((zeros): Blocks[] => [
    { bits, rows: 32, columns: 6, block: 16, zeros },
    { bits, rows: 40, columns: 5, block: 16, zeros },
    { bits, rows: 20, columns: 3, block: 32, zeros },
  ]),
);

function gatherBlock(bits: number, columns: number, zeros: boolean): LoweringCase {
  const blocks = Math.ceil(columns / 16);
  return {
    op: "GatherBlockQuantized",
    title: `${bits} bits in bytes, ${columns} columns${zeros ? ", zero points" : ""}`,
    inputs: [
      constant(randomBytes("uint8", [9, (columns * bits) / 8], 44)),
      int64s(["b", "t"], ({ b, t }) => Array.from({ length: b * t }, (_, i) => (4 * i + 2) % 9)),
      constant(scales(9, blocks)),
      ...(zeros ? [constant(randomBytes("uint8", [9, Math.ceil((blocks * bits) / 8)], 45))] : []),
    ],
    attributes: { gather_axis: 0, quantize_axis: 1, block_size: 16, bits },
    runs: RUNS,
  };
}

const values = (type: TensorType, dims: number[], zeros?: Tensor, axis?: number, block?: number): LoweringCase => ({
  op: "DequantizeLinear",
  title: `${type} [${dims}]${zeros ? ", zero points" : ""}${axis === undefined ? "" : `, axis ${axis}`}${block ? `, blocks of ${block}` : ""}`,
  domain: "",
  opset: block ? 21 : 17,
  inputs: [
    constant(type === "int32" ? { type, dims, data: Int32Array.from([70000, -3, 5, 8, 2, 1]) } : randomBytes(type as "int8", dims, 46)), // prettier-ignore
    constant(scaleOf(dims, axis, block)),
    ...(zeros ? [constant(zeros)] : []),
  ],
  attributes: { ...(axis !== undefined && { axis }), ...(block && { block_size: block }) },
  runs: [{}],
});

function scaleOf(dims: number[], axis?: number, block?: number): Tensor {
  if (axis === undefined) return scales();
  const at = axis < 0 ? axis + dims.length : axis;
  return block ? scales(...dims.map((size, i) => (i === at ? Math.ceil(size / block) : size))) : scales(dims[at]);
}

export const quantisedCases: LoweringCase[] = [
  ...matMulForms.map(matMulNBits),
  matMulNBits({ bits: 4, rows: 32, columns: 6, block: 32, zeros: "packed", bias: true }),
  ...[4, 8].flatMap((bits) => [32, 48].flatMap((columns) => [false, true].map((z) => gatherBlock(bits, columns, z)))),
  values("uint8", [4, 3], randomBytes("uint8", [], 47)),
  values("int8", [4, 3]),
  values("int32", [2, 3]),
  values("int8", [4, 3], randomBytes("int8", [3], 47), 1),
  values("uint8", [4, 3], randomBytes("uint8", [4], 47), 0),
  values("int8", [2, 4, 3], undefined, -2),
  values("uint8", [6, 3], randomBytes("uint8", [2, 3], 47), 0, 3),
  values("int8", [5, 7], undefined, -1, 4),
];
