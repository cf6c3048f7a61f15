import { tensorType } from "../element-type.ts";
import type { TensorType } from "../../tensor.ts";
import { fromHalf, toHalf } from "../lowering/half.ts";
import { broadcastDims } from "./broadcast-dims.ts";
import { combineContents } from "./move-contents.ts";
import type { ShapeRule } from "./shape-call.ts";

const isWhole = (type: TensorType) => type.startsWith("int") || type.startsWith("uint");

/** A number as an element type holds it. */
export function held(value: number, type: TensorType): number {
  if (type === "bool") return Number(value !== 0);
  if (type === "float32") return Math.fround(value);
  if (type === "float16") return fromHalf(toHalf(value));
  return isWhole(type) ? Math.trunc(value) : value;
}

/** One operand; the result has its type and sizes. */
export const unary =
  (f?: (x: number) => number): ShapeRule =>
  (call) => {
    const { type, dims, contents } = call.input(0);
    return [{ type, dims, contents: f && contents?.map((x) => held(f(x), type)) }];
  };

/** Any number of operands that broadcast; the result has the type of the first, or the given one. */
export const broadcast =
  (f?: (...x: number[]) => number, result?: TensorType): ShapeRule =>
  (call) => {
    const operands = call.inputs.map((_, i) => call.input(i));
    const type = result ?? operands[0].type;
    const dims = broadcastDims(call, operands.map((operand) => operand.dims)); // prettier-ignore
    return [{ type, dims, contents: f && combineContents(operands, dims, (...x) => held(f(...x), type)) }];
  };

/** Comparisons and logic. */
export const truth = (f?: (...x: number[]) => boolean): ShapeRule =>
  broadcast(f && ((...x) => Number(f(...x))), "bool");

export const where: ShapeRule = (call) => {
  const operands = [0, 1, 2].map((i) => call.input(i));
  const dims = broadcastDims(call, operands.map((operand) => operand.dims)); // prettier-ignore
  return [{ type: operands[1].type, dims, contents: combineContents(operands, dims, (c, a, b) => (c ? a : b)) }];
};

export const cast: ShapeRule = (call) => {
  const { dims, contents } = call.input(0);
  const type = call.node.opType === "CastLike" ? call.input(1).type : tensorType(call.int("to", 0));
  if (!type) return call.fail(`its element type ${call.int("to", 0)} is not one that medke computes with`);
  return [{ type, dims, contents: contents?.map((value) => held(value, type)) }];
};

/** The first output like the first input; further outputs are rarely asked for and have types of their own. */
export const likeFirst: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  return [{ type, dims }];
};

export const dropout: ShapeRule = (call) => {
  const { type, dims, contents } = call.input(0);
  return [
    { type, dims, contents },
    { type: "bool", dims },
  ];
};

/** Mean and inverse deviation keep the normalised axes with size 1. */
export const layerNormalization: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  const first = call.axis(call.int("axis", -1), dims.length);
  const statistics = { type, dims: dims.map((size, axis) => (axis < first ? size : 1)) };
  return [{ type, dims }, statistics, statistics];
};
