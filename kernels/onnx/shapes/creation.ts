import { floatAttribute, tensorAttribute } from "../attributes.ts";
import { tensorType } from "../element-type.ts";
import { numbersOf } from "../numbers-of.ts";
import { tensorOf } from "../tensor-of.ts";
import { elements, LARGEST_CONTENTS } from "./inferred-value.ts";
import type { InferredValue } from "./inferred-value.ts";
import type { ShapeCall, ShapeRule } from "./shape-call.ts";

export const shape: ShapeRule = (call) => {
  const { dims } = call.input(0);
  const sizes = dims.slice(call.int("start", 0), call.int("end", dims.length));
  return [{ type: "int64", dims: [sizes.length], contents: sizes }];
};

export const size: ShapeRule = (call) => [{ type: "int64", dims: [], contents: [elements(call.input(0).dims)] }];

export const constant: ShapeRule = (call) => {
  const tensor = tensorAttribute(call.node, "value");
  if (tensor) {
    const type = tensorType(tensor.dataType);
    const dims = tensor.dims.map(Number);
    if (!type) return call.fail(`its element type ${tensor.dataType} is not one that medke computes with`);
    const known = elements(dims) <= LARGEST_CONTENTS;
    return [{ type, dims, contents: known ? numbersOf(tensorOf(tensor)) : undefined }];
  }
  const attribute = call.node.attribute[0];
  switch (attribute?.name) {
    case "value_int":
      return [{ type: "int64", dims: [], contents: [Number(attribute.i)] }];
    case "value_ints":
      return [{ type: "int64", dims: [attribute.ints.length], contents: attribute.ints.map(Number) }];
    case "value_float":
      return [{ type: "float32", dims: [], contents: [floatAttribute(call.node, "value_float", 0)] }];
    case "value_floats":
      return [{ type: "float32", dims: [attribute.floats.length], contents: attribute.floats }];
    default:
      return call.fail("its constant has no numbers");
  }
};

export const constantOfShape: ShapeRule = (call) => {
  const tensor = tensorAttribute(call.node, "value");
  const value = tensor && tensorOf(tensor);
  const dims = [...call.contents(0)];
  return [filled(value?.type ?? "float32", dims, value ? numbersOf(value)[0] : 0)];
};

const filled = (type: InferredValue["type"], dims: number[], value: number): InferredValue => {
  const count = elements(dims);
  const known = count <= LARGEST_CONTENTS;
  return { type, dims, contents: known ? new Array<number>(count).fill(value) : undefined };
};

export const range: ShapeRule = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => call.contents(i)[0]);
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  const contents = count <= LARGEST_CONTENTS ? Array.from({ length: count }, (_, i) => start + i * delta) : undefined;
  return [{ type: call.input(0).type, dims: [count], contents }];
};

export const eyeLike: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  return [{ type: tensorType(call.int("dtype", 0)) ?? type, dims }];
};

export const oneHot: ShapeRule = (call) => {
  const { dims } = call.input(0);
  const axis = call.axis(call.int("axis", -1), dims.length + 1);
  const depth = call.contents(1)[0];
  return [{ type: call.input(2).type, dims: [...dims.slice(0, axis), depth, ...dims.slice(axis)] }];
};

/** Where a known value is not zero, one column an element. */
export const nonZero: ShapeRule = (call: ShapeCall) => {
  const { dims } = call.input(0);
  const hits = [...call.contents(0).keys()].filter((i) => call.contents(0)[i] !== 0);
  const rows = dims.map((length, axis) => {
    const below = elements(dims.slice(axis + 1));
    return hits.map((at) => Math.floor(at / below) % length);
  });
  return [{ type: "int64", dims: [dims.length, hits.length], contents: rows.flat() }];
};
