import { create } from "@bufbuild/protobuf";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringStringEntryProtoSchema, type TensorProto, TensorProto_DataLocation } from "onnx-buf";
import { makeModel, makeNode, makeTensor, makeValueInfo } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { float32 } from "../../../kernels/tensor.ts";

/** A new empty folder, its path without links. The test removes it. */
export const newFolder = () => realpathSync(mkdtempSync(join(tmpdir(), "medke-model-")));

/** A weight of float32 zeros whose bytes are said to lie elsewhere, in whatever words the test gives. */
export function external(name: string, dims: readonly number[], entries: Record<string, string>): TensorProto {
  const tensor = makeTensor(name, float32([], dims));
  tensor.rawData = new Uint8Array(0);
  tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
  tensor.externalData = Object.entries(entries).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
  return tensor;
}

/** y = x·w + b over the given weights, w [2, 3] and b [3]. */
export const affine = (w: TensorProto, b: TensorProto): OnnxModel =>
  makeModel({
    nodes: [
      makeNode("MatMul", ["x", "w"], ["h"], {}, "/layers.0/mlp/fc1/MatMul"),
      makeNode("Add", ["h", "b"], ["y"], {}, "add"),
    ],
    inputs: [makeValueInfo("x", "float32", ["n", 2])],
    outputs: [makeValueInfo("y", "float32", ["n", 3])],
    initializers: [w, b],
  });

export const floatBytes = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
