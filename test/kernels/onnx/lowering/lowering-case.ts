import { create } from "@bufbuild/protobuf";
import { OperatorSetIdProtoSchema } from "onnx-buf";
import type { AttributeValue } from "../../../../kernels/onnx/attributes.ts";
import type { Dimension } from "../../../../kernels/onnx/builder.ts";
import { shallowCopy } from "../../../../kernels/onnx/graph.ts";
import { makeModel, makeNode, makeTensor, makeValueInfo } from "../../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../../kernels/onnx/index.ts";
import type { FusedOp } from "../../../../kernels/onnx/lowering/fused-op.ts";
import { fusedOp } from "../../../../kernels/onnx/lowering/fused-op.ts";
import type { Tensor } from "../../../../kernels/tensor.ts";
import { seededValues } from "../seeded-values.ts";

/** Sizes of one run, by the names that input shapes use. */
export type Sizes = Record<string, number>;

/** An input of the fused node. */
export type LoweringInput =
  /** Fed floats, differentiated. */
  | { kind: "float"; dims: Dimension[] }
  /** Fed and not differentiated. */
  | { kind: "fed"; dims: Dimension[]; make: (sizes: Sizes) => Tensor }
  /** A constant of the graph; differentiated where `target`. */
  | { kind: "weight"; tensor: Tensor; target?: boolean }
  | { kind: "absent" };

/** One form of one fused operator. */
export interface LoweringCase {
  op: FusedOp;
  title: string;
  inputs: LoweringInput[];
  attributes?: Record<string, AttributeValue>;
  /** Number of outputs, or which of them are made. Default: the first. */
  outputs?: boolean[];
  /** Runs at which both forms must agree; the first one is traced, so its varying sizes are not 1. */
  runs: Sizes[];
  domain?: "";
  opset?: number;
  /** Places of the first output that are specified ([batch][token]); default all. */
  specified?: (sizes: Sizes, batch: number, token: number) => boolean;
}

export const x = (...dims: Dimension[]): LoweringInput => ({ kind: "float", dims });
export const weight = (dims: number[], seed: number): LoweringInput => ({
  kind: "weight",
  tensor: seededValues("float32", dims, 0.8, seed),
  target: true,
});
export const constant = (tensor: Tensor): LoweringInput => ({ kind: "weight", tensor });
export const absent: LoweringInput = { kind: "absent" };
export const int32s = (dims: Dimension[], values: (sizes: Sizes) => number[]): LoweringInput => ({
  kind: "fed",
  dims,
  make: (sizes) => ({ type: "int32", dims: shapeOf(dims, sizes), data: Int32Array.from(values(sizes)) }),
});
export const int64s = (dims: Dimension[], values: (sizes: Sizes) => number[]): LoweringInput => ({
  kind: "fed",
  dims,
  make: (sizes) => ({ type: "int64", dims: shapeOf(dims, sizes), data: BigInt64Array.from(values(sizes), BigInt) }),
});

export const shapeOf = (dims: readonly Dimension[], sizes: Sizes): number[] =>
  dims.map((dim) => (typeof dim === "string" ? sizes[dim] : dim!));

export const outputNames = ({ outputs = [true] }: LoweringCase): string[] =>
  outputs.map((made, i) => (made ? `y${i}` : ""));

/** The fused node alone in a graph. */
export function fusedModel(test: LoweringCase): OnnxModel {
  const names = test.inputs.map((input, i) => (input.kind === "absent" ? "" : `x${i}`));
  const node = makeNode(test.op, names, outputNames(test), test.attributes, "node under test");
  node.domain = test.domain ?? "com.microsoft";
  if (fusedOp(node) !== test.op) throw new Error(`${test.op} in domain "${node.domain}" is not a fused operator`);
  const feeds = feedsOf(test, test.runs[0]);
  const model = makeModel({
    nodes: [node],
    inputs: test.inputs.flatMap((input, i) =>
      input.kind === "float" || input.kind === "fed" ? [makeValueInfo(`x${i}`, feeds[`x${i}`].type, input.dims)] : [],
    ),
    outputs: outputNames(test)
      .filter(Boolean)
      .map((name) => makeValueInfo(name)),
    initializers: test.inputs.flatMap((input, i) =>
      input.kind === "weight" ? [makeTensor(`x${i}`, input.tensor)] : [],
    ),
    opset: test.opset ?? 17,
  });
  const microsoft = create(OperatorSetIdProtoSchema, { domain: "com.microsoft", version: 1n });
  return shallowCopy(model, {
    irVersion: (test.opset ?? 17) > 20 ? 10n : 8n,
    opsetImport: [...model.opsetImport, microsoft],
  });
}

/** Inputs of one run. Seeded: the same case gives the same numbers. */
export function feedsOf(test: LoweringCase, sizes: Sizes): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  test.inputs.forEach((input, i) => {
    if (input.kind === "float") feeds[`x${i}`] = seededValues("float32", shapeOf(input.dims, sizes), 1.2, 31 + i);
    if (input.kind === "fed") feeds[`x${i}`] = input.make(sizes);
  });
  return feeds;
}

/** Values to differentiate with respect to. */
export const targetsOf = (test: LoweringCase): string[] =>
  test.inputs.flatMap((input, i) =>
    input.kind === "float" || (input.kind === "weight" && input.target) ? [`x${i}`] : [],
  );
