import { create } from "@bufbuild/protobuf";
import { StringStringEntryProtoSchema } from "onnx-buf";
import type { NodeProto } from "onnx-buf";

const KEY = "medke.stop_gradient";

/** Marks a freshly made node: no gradient flows through it. The mark is metadata, so it survives writing and reading the model. */
export function stopGradient(node: NodeProto): void {
  node.metadataProps.push(create(StringStringEntryProtoSchema, { key: KEY, value: "1" }));
}

export const stopsGradient = (node: NodeProto): boolean => node.metadataProps.some((entry) => entry.key === KEY);
