import { elements, LARGEST_CONTENTS } from "./inferred-value.ts";
import { flat, moveContents } from "./move-contents.ts";
import type { ShapeRule } from "./shape-call.ts";

export const gather: ShapeRule = (call) => {
  const [x, index] = [call.input(0), call.input(1)];
  const axis = call.axis(call.int("axis", 0), x.dims.length);
  const dims = [...x.dims.slice(0, axis), ...index.dims, ...x.dims.slice(axis + 1)];
  const positions = index.contents;
  const contents =
    positions &&
    moveContents(x, dims, (at) => {
      const position = positions[flat(at.slice(axis, axis + index.dims.length), index.dims)];
      return [...at.slice(0, axis), call.axis(position, x.dims[axis]), ...at.slice(axis + index.dims.length)];
    });
  return [{ type: x.type, dims, contents }];
};

export const gatherElements: ShapeRule = (call) => [{ type: call.input(0).type, dims: call.input(1).dims }];

export const gatherNd: ShapeRule = (call) => {
  const [x, index] = [call.input(0), call.input(1)];
  const read = call.int("batch_dims", 0) + index.dims[index.dims.length - 1];
  return [{ type: x.type, dims: [...index.dims.slice(0, -1), ...x.dims.slice(read)] }];
};

export const cumSum: ShapeRule = (call) => {
  const { type, dims, contents } = call.input(0);
  const plain = dims.length === 1 && !call.int("exclusive", 0) && !call.int("reverse", 0);
  let sum = 0;
  return [{ type, dims, contents: plain ? contents?.map((value) => (sum += value)) : undefined }];
};

export const topK: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  const axis = call.axis(call.int("axis", -1), dims.length);
  const kept = dims.map((size, k) => (k === axis ? call.contents(1)[0] : size));
  return [
    { type, dims: kept },
    { type: "int64", dims: kept },
  ];
};

/** Sums, means, extremes; positions of extremes are int64. Contents of small known values are followed for sums, products and extremes. */
export const reduction =
  (f?: (a: number, b: number) => number): ShapeRule =>
  (call) => {
    const { type, dims, contents } = call.input(0);
    const listed = call.axes(1);
    if (!listed?.length && call.int("noop_with_empty_axes", 0) === 1) return [{ type, dims, contents }];
    const axes = (listed?.length ? listed : dims.map((_, axis) => axis)).map((axis) => call.axis(axis, dims.length));
    const all = axes.length === dims.length && elements(dims) <= LARGEST_CONTENTS && contents?.length;
    return [
      {
        type,
        dims: reduced(dims, axes, call.int("keepdims", 1)),
        contents: f && all ? [contents!.reduce(f)] : undefined,
      },
    ];
  };

const reduced = (dims: readonly number[], axes: readonly number[], keep: number): number[] =>
  dims.flatMap((size, axis) => (!axes.includes(axis) ? [size] : keep ? [1] : []));

export const argExtreme: ShapeRule = (call) => {
  const { dims } = call.input(0);
  const axis = call.axis(call.int("axis", 0), dims.length);
  return [{ type: "int64", dims: reduced(dims, [axis], call.int("keepdims", 1)) }];
};
