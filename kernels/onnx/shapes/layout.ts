import { elements } from "./inferred-value.ts";
import type { InferredValue } from "./inferred-value.ts";
import { broadcastDims } from "./broadcast-dims.ts";
import { moveContents } from "./move-contents.ts";
import type { ShapeCall, ShapeRule } from "./shape-call.ts";

/** The same elements in other sizes. */
const reshaped = ({ type, contents }: InferredValue, dims: readonly number[]): InferredValue[] => [
  { type, dims, contents },
];

export const reshape: ShapeRule = (call) => {
  const x = call.input(0);
  const wanted = call.contents(1);
  const copies = call.int("allowzero", 0) === 0;
  const dims = wanted.map((size, axis) => (size === 0 && copies ? x.dims[axis] : size));
  const open = dims.indexOf(-1);
  if (open >= 0) {
    const others = elements(dims.filter((_, axis) => axis !== open));
    dims[open] = others === 0 ? 0 : elements(x.dims) / others;
  }
  if (elements(dims) !== elements(x.dims)) call.fail(`sizes [${x.dims.join(", ")}] do not fill [${dims.join(", ")}]`);
  return reshaped(x, dims);
};

export const flatten: ShapeRule = (call) => {
  const x = call.input(0);
  const axis = call.axis(call.int("axis", 1), x.dims.length);
  return reshaped(x, [elements(x.dims.slice(0, axis)), elements(x.dims.slice(axis))]);
};

export const squeeze: ShapeRule = (call) => {
  const x = call.input(0);
  const axes = call.axes(1)?.map((axis) => call.axis(axis, x.dims.length));
  return reshaped(x, x.dims.filter((size, axis) => (axes ? !axes.includes(axis) : size !== 1))); // prettier-ignore
};

export const unsqueeze: ShapeRule = (call) => {
  const x = call.input(0);
  const axes = call.axes(1) ?? [];
  const rank = x.dims.length + axes.length;
  const added = new Set(axes.map((axis) => call.axis(axis, rank)));
  const rest = [...x.dims];
  return reshaped(x, Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : rest.shift()!))); // prettier-ignore
};

export const transpose: ShapeRule = (call) => {
  const x = call.input(0);
  const perm = call.ints("perm") ?? x.dims.map((_, axis) => x.dims.length - 1 - axis);
  const dims = perm.map((axis) => x.dims[axis]);
  const source = (index: readonly number[]) => x.dims.map((_, axis) => index[perm.indexOf(axis)]);
  return [{ type: x.type, dims, contents: moveContents(x, dims, source) }];
};

export const expand: ShapeRule = (call) => {
  const x = call.input(0);
  const dims = broadcastDims(call, [x.dims, call.contents(1)]);
  return [{ type: x.type, dims, contents: moveContents(x, dims, (index) => index) }];
};

export const tile: ShapeRule = (call) => {
  const x = call.input(0);
  const dims = x.dims.map((size, axis) => size * call.contents(1)[axis]);
  return [{ type: x.type, dims, contents: moveContents(x, dims, (index) => index.map((i, axis) => i % x.dims[axis])) }];
};

export const concat: ShapeRule = (call) => {
  const parts = call.inputs.map((_, i) => call.input(i));
  const axis = call.axis(call.int("axis", 0), parts[0].dims.length);
  const dims = parts[0].dims.map((size, k) => (k === axis ? parts.reduce((sum, part) => sum + part.dims[k], 0) : size));
  // Along the first axis the contents simply follow each other; that is where shapes are put together.
  const known = axis === 0 && parts.every((part) => part.contents);
  return [{ type: parts[0].type, dims, contents: known ? parts.flatMap((part) => part.contents!) : undefined }];
};

export const split: ShapeRule = (call) => {
  const x = call.input(0);
  const axis = call.axis(call.int("axis", 0), x.dims.length);
  const parts = call.node.output.length;
  const each = Math.ceil(x.dims[axis] / parts);
  const sizes = call.has(1)
    ? call.contents(1)
    : Array.from({ length: parts }, (_, i) => Math.min(each, x.dims[axis] - i * each));
  let start = 0;
  return sizes.map((size) => {
    const dims = x.dims.map((own, k) => (k === axis ? size : own));
    const at = start;
    start += size;
    const contents = moveContents(x, dims, (index) => index.map((i, k) => (k === axis ? i + at : i)));
    return { type: x.type, dims, contents };
  });
};

export const slice: ShapeRule = (call) => {
  const x = call.input(0);
  const [starts, ends] = [call.contents(1), call.contents(2)];
  const axes = (call.has(3) ? call.contents(3) : starts.map((_, i) => i)).map((axis) => call.axis(axis, x.dims.length));
  const steps = call.has(4) ? call.contents(4) : starts.map(() => 1);
  const dims = [...x.dims];
  const from = x.dims.map(() => [0, 1]);
  axes.forEach((axis, i) => {
    const length = x.dims[axis];
    const clamp = (bound: number, low: number, high: number) =>
      Math.min(Math.max(bound < 0 ? bound + length : bound, low), high);
    const back = steps[i] < 0;
    const first = back ? clamp(starts[i], 0, length - 1) : clamp(starts[i], 0, length);
    const end = back ? clamp(ends[i], -1, length - 1) : clamp(ends[i], 0, length);
    dims[axis] = Math.max(0, Math.ceil((end - first) / steps[i]));
    from[axis] = [first, steps[i]];
  });
  const source = (index: readonly number[]) => index.map((k, axis) => from[axis][0] + k * from[axis][1]);
  return [{ type: x.type, dims, contents: moveContents(x, dims, source) }];
};

export const pad: ShapeRule = (call) => {
  const x = call.input(0);
  const pads = call.contents(1);
  const rank = x.dims.length;
  const axes = (call.has(3) ? call.contents(3) : x.dims.map((_, axis) => axis)).map((axis) => call.axis(axis, rank));
  const dims = [...x.dims];
  axes.forEach((axis, i) => (dims[axis] += pads[i] + pads[i + axes.length]));
  return [{ type: x.type, dims }];
};

const blocks = (call: ShapeCall, grow: (block: number) => [number, number]): InferredValue[] => {
  const { type, dims } = call.input(0);
  const [depth, side] = grow(call.int("blocksize", 1));
  return [{ type, dims: [dims[0], dims[1] * depth, dims[2] * side, dims[3] * side] }];
};
export const depthToSpace: ShapeRule = (call) => blocks(call, (block) => [1 / block ** 2, block]);
export const spaceToDepth: ShapeRule = (call) => blocks(call, (block) => [block ** 2, 1 / block]);
