import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import type { GraphProto, ModelProto } from "onnx-buf";
import { OnnxFormatError } from "./format-error.ts";
import { validateModel } from "./validate.ts";

/**
 * A model with a graph. Treated as immutable: every function of this folder that changes a graph returns a new model which shares
 * nodes and weight bytes with the old one, so a model of any size is cheap to rewrite.
 */
export type OnnxModel = ModelProto & { graph: GraphProto };

/**
 * Decodes and checks a model. Weights are views into `bytes`, never copies: keep `bytes` unchanged. Weights in data files stay
 * unread; `readModelFile` finds those files.
 *
 * Throws: OnnxFormatError, naming `where` (the file), when the bytes are truncated, corrupt or inconsistent.
 */
export function readModel(bytes: Uint8Array, where: string): OnnxModel {
  if (bytes.length === 0) throw new OnnxFormatError(where, "the file is empty");
  let model: ModelProto;
  try {
    model = fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    throw new OnnxFormatError(where, `its ${bytes.length} bytes are truncated or damaged`, { cause });
  }
  validateModel(model, where);
  return model;
}

/** Encodes a model. The format's limit is 2 GB: larger weights must stay external. */
export const writeModel = (model: OnnxModel): Uint8Array => toBinary(ModelProtoSchema, model);

/** A copy of one message that shares its fields' values. Own function because a spread would lose the schema's default values. */
export function shallowCopy<T extends object>(message: T, changes: Partial<T> = {}): T {
  return Object.assign(Object.create(Object.getPrototypeOf(message)) as T, message, changes);
}

/** A new model whose graph has the given parts replaced; everything else is shared. */
export const withGraph = (model: OnnxModel, changes: Partial<GraphProto>): OnnxModel =>
  shallowCopy(model, { graph: shallowCopy(model.graph, changes) } as Partial<OnnxModel>);

/** A copy whose lists and nodes can be changed freely; weight bytes are shared. */
export const cloneModel = (model: OnnxModel): OnnxModel =>
  withGraph(shallowCopy(model, { opsetImport: [...model.opsetImport] }), {
    node: model.graph.node.map((node) =>
      shallowCopy(node, { input: [...node.input], output: [...node.output], attribute: [...node.attribute] }),
    ),
    input: [...model.graph.input],
    output: [...model.graph.output],
    initializer: [...model.graph.initializer],
    valueInfo: [...model.graph.valueInfo],
  });
