import type { Tensor, TensorType } from "../../tensor.ts";
import { makeFloats } from "./float-weight.ts";
import type { Values } from "./unpack-bits.ts";

export interface Quantised {
  values: Values;
  dims: readonly number[];
  scales: ArrayLike<number>;
  /** Absent: every zero point is `zero`. */
  zeroPoints?: Values;
  zero?: number;
  /** Axis along which scales vary; not read where there is one scale. */
  axis: number;
  /** Values of one scale along the axis. 0: one scale an index of the axis, shared by all other axes. */
  block: number;
  type: TensorType;
}

/** (value - zero point)·scale with one scale a tensor, one an index of an axis, or one a block along an axis. */
export function dequantise({ values, dims, scales, zeroPoints, zero = 0, axis, block, type }: Quantised): Tensor {
  const along = axis < 0 ? axis + dims.length : axis;
  const inner = dims.slice(along + 1).reduce((product, size) => product * size, 1);
  const size = dims[along] ?? 1;
  const blocks = block ? Math.ceil(size / block) : 0;
  const scaleOf = (i: number): number => {
    if (scales.length === 1) return 0;
    const at = Math.floor(i / inner) % size;
    return block ? (Math.floor(i / (inner * size)) * blocks + Math.floor(at / block)) * inner + (i % inner) : at;
  };
  return makeFloats(type, dims, (i) => {
    const k = scaleOf(i);
    return (values(i) - (zeroPoints ? zeroPoints(k) : zero)) * scales[k];
  });
}
