import { create } from "@bufbuild/protobuf";
import { AttributeProto_AttributeType as AttributeType, AttributeProtoSchema } from "onnx-buf";
import type { AttributeProto, GraphProto, NodeProto, TensorProto } from "onnx-buf";

/** A float attribute must be marked as such: 1 alone would be an integer. */
export interface FloatAttribute {
  float: number;
}

export type AttributeValue = number | readonly number[] | string | FloatAttribute | TensorProto | GraphProto;

const isMessage = (value: FloatAttribute | TensorProto | GraphProto): value is TensorProto | GraphProto =>
  "$typeName" in value;

/** Encodes one attribute: a number is an integer, `{ float }` a float, a list is integers, a string is text; tensors and bodies are themselves. */
export function makeAttribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === "number")
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === "string")
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) });
  if (Array.isArray(value))
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
  const single = value as FloatAttribute | TensorProto | GraphProto;
  if (!isMessage(single)) return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: single.float });
  return single.$typeName === "onnx.GraphProto"
    ? create(AttributeProtoSchema, { name, type: AttributeType.GRAPH, g: single })
    : create(AttributeProtoSchema, { name, type: AttributeType.TENSOR, t: single });
}

const find = (node: NodeProto, name: string) => node.attribute.find((attribute) => attribute.name === name);

export function intAttribute(node: NodeProto, name: string, otherwise: number): number;
export function intAttribute(node: NodeProto, name: string): number | undefined;
export function intAttribute(node: NodeProto, name: string, otherwise?: number): number | undefined {
  const attribute = find(node, name);
  return attribute ? Number(attribute.i) : otherwise;
}

export const intsAttribute = (node: NodeProto, name: string): number[] | undefined =>
  find(node, name)?.ints.map(Number);

export const floatAttribute = (node: NodeProto, name: string, otherwise: number): number =>
  find(node, name)?.f ?? otherwise;

export function stringAttribute(node: NodeProto, name: string, otherwise: string): string {
  const attribute = find(node, name);
  return attribute ? new TextDecoder().decode(attribute.s) : otherwise;
}

export const tensorAttribute = (node: NodeProto, name: string): TensorProto | undefined => find(node, name)?.t;
