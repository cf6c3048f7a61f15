import type { NodeProto } from "onnx-buf";
import { floatAttribute } from "../onnx/attributes.ts";

/** A node that a WebGPU session runs on the CPU. */
export interface CpuNode {
  name: string;
  why: string;
}

interface Fault {
  operators: readonly string[];
  /** Which forms are concerned. Default: all. */
  form?: (node: NodeProto) => boolean;
  why: string;
}

/**
 * What the WebGPU provider of ONNX Runtime 1.30 computes wrongly without a word. (What it cannot compute at all it leaves to the CPU
 * by itself.) Every line is shown by a test; try without it when ONNX Runtime is updated.
 */
const FAULTS: readonly Fault[] = [
  {
    operators: ["Cos", "Sin"],
    // WGSL allows an absolute error of 2^-11 between -pi and pi and promises nothing beyond, where rotary positions are.
    why: "WebGPU's cosine and sine are good to three digits only",
  },
  {
    operators: ["And"],
    // The shader reads one or four booleans at a time, as the shapes have it, but is stored under a key that does not say which.
    why: "WebGPU may run a shader here that was compiled for other shapes",
  },
  {
    operators: ["GroupQueryAttention"],
    form: (node) => floatAttribute(node, "softcap", 0) !== 0,
    why: "WebGPU leaves out the cap of the attention scores",
  },
];

/** Why a node must run on the CPU of a WebGPU session; undefined for all others. */
export const cpuReason = (node: NodeProto): string | undefined =>
  FAULTS.find(({ operators, form }) => operators.includes(node.opType) && (form?.(node) ?? true))?.why;
