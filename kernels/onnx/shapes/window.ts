import type { TensorType } from "../../tensor.ts";
import type { ShapeCall, ShapeRule } from "./shape-call.ts";

/** Number of positions of a window on every spatial axis. */
function positions(call: ShapeCall, dims: readonly number[], kernel: readonly number[]): number[] {
  const ones = kernel.map(() => 1);
  const [strides, dilations] = [call.ints("strides") ?? ones, call.ints("dilations") ?? ones];
  const pads = call.ints("pads") ?? [...ones, ...ones].map(() => 0);
  const mode = call.text("auto_pad", "NOTSET");
  return kernel.map((size, k) => {
    const length = dims[k + 2];
    if (mode.startsWith("SAME")) return Math.ceil(length / strides[k]);
    const padding = mode === "VALID" ? 0 : pads[k] + pads[k + kernel.length];
    const steps = (length + padding - dilations[k] * (size - 1) - 1) / strides[k];
    if (call.int("ceil_mode", 0) === 0) return Math.floor(steps) + 1;
    const count = Math.ceil(steps) + 1;
    // A window that would start in the padding behind the end does not count.
    return (count - 1) * strides[k] >= length + pads[k] ? count - 1 : count;
  });
}

export const conv =
  (result?: TensorType): ShapeRule =>
  (call) => {
    const [x, w] = [call.input(0), call.input(1)];
    return [{ type: result ?? x.type, dims: [x.dims[0], w.dims[0], ...positions(call, x.dims, w.dims.slice(2))] }];
  };

export const convTranspose: ShapeRule = (call) => {
  const [x, w] = [call.input(0), call.input(1)];
  const kernel = w.dims.slice(2);
  const ones = kernel.map(() => 1);
  if (call.ints("output_shape") || call.text("auto_pad", "NOTSET") !== "NOTSET")
    call.fail("it chooses its padding itself");
  const [strides, dilations] = [call.ints("strides") ?? ones, call.ints("dilations") ?? ones];
  const zeros = [...ones, ...ones].map(() => 0);
  const [pads, more] = [call.ints("pads") ?? zeros, call.ints("output_padding") ?? zeros];
  const spatial = kernel.map(
    (size, k) =>
      (x.dims[k + 2] - 1) * strides[k] + dilations[k] * (size - 1) + 1 + more[k] - pads[k] - pads[k + kernel.length],
  );
  return [{ type: x.type, dims: [x.dims[0], w.dims[1] * call.int("group", 1), ...spatial] }];
};

export const pool: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  const pooled = [dims[0], dims[1], ...positions(call, dims, call.ints("kernel_shape") ?? [])];
  return [
    { type, dims: pooled },
    { type: "int64", dims: pooled },
  ];
};

export const globalPool: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  return [{ type, dims: dims.map((size, axis) => (axis < 2 ? size : 1)) }];
};

export const resize: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  const axes = (call.ints("axes") ?? dims.map((_, axis) => axis)).map((axis) => call.axis(axis, dims.length));
  if (call.text("keep_aspect_ratio_policy", "stretch") !== "stretch") call.fail("it keeps the aspect ratio");
  const result = [...dims];
  axes.forEach(
    (axis, i) => (result[axis] = call.has(3) ? call.contents(3)[i] : Math.floor(dims[axis] * call.contents(2)[i])),
  );
  return [{ type, dims: result }];
};
