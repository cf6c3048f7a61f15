import type { NodeProto } from "onnx-buf";
import { intAttribute, intsAttribute } from "../attributes.ts";
import { isStandard } from "../opset.ts";
import { ELEMENTWISE, NORMS, REDUCTIONS } from "./row-operands.ts";

/** What a node reads, by its size in the trace. */
export interface LateOperand {
  part?: AttentionPart;
  dims: readonly number[];
  /** Axis of rows, of a value of which only late rows change. */
  axis?: number;
  /** Whether it changes in whatever rows. */
  changes: boolean;
  /** Contents, where they are constant. */
  constant?: readonly number[];
}

/**
 * "scores": products of rows with other rows that change, of which early rows are as they were only behind mask and softmax. "weights": what the
 * softmax over the other rows makes of them.
 */
export type AttentionPart = "scores" | "weights";

/** How a node computes late rows alone. */
export interface LateAxis {
  /** Axis of rows of its results. */
  axis: number;
  /** Operands that do not change and have rows: operand to axis of rows. */
  sliced?: readonly (readonly [operand: number, axis: number])[];
  /** Operands that are read whole, although late rows of them are there. */
  whole?: readonly number[];
}

const ALONG_ONE_AXIS = new Set(["Softmax", "LogSoftmax"]);

/**
 * Where late rows stand in the results of a node that computes each row from the same row of what it reads, or from operands that it may
 * read whole (the keys and values of an attention); undefined where that is not known.
 *
 * A late row of attention scores is computed from all keys. Early rows of scores do change where they meet late keys; a causal mask hides that
 * from what the softmax makes of them (see AttentionPart).
 */
export function lateAxis(
  node: NodeProto,
  x: readonly (LateOperand | undefined)[],
  result: readonly number[],
): LateAxis | undefined {
  if (!isStandard(node.domain) && !NORMS.has(node.opType)) return undefined;
  if (ELEMENTWISE.has(node.opType)) return elementwise(x, result);
  if (node.opType === "Concat") return concat(node, x, result);
  const [first, second] = x;
  const axis = first?.axis;
  if (!first || axis === undefined) return undefined;
  const rank = first.dims.length;
  const fromFront = (at: number, size = rank) => (at < 0 ? at + size : at);
  const alone = x.every((each, i) => i === 0 || !each?.changes);
  if (node.opType === "MatMul") return product(first, second!, result);
  if (!alone) return undefined;
  if (NORMS.has(node.opType)) {
    const flat = x.every((each, i) => i === 0 || !each || each.dims.length < rank - axis);
    return flat && axis < fromFront(intAttribute(node, "axis", -1)) ? { axis } : undefined;
  }
  if (ALONG_ONE_AXIS.has(node.opType)) return fromFront(intAttribute(node, "axis", -1)) === axis ? undefined : { axis };
  if (REDUCTIONS.has(node.opType)) {
    const axes = second ? second.constant : intsAttribute(node, "axes");
    if (!axes?.length || intAttribute(node, "keepdims", 1) !== 1) return undefined;
    return axes.some((each) => fromFront(each) === axis) ? undefined : { axis };
  }
  switch (node.opType) {
    case "Gemm":
      return axis === 0 && intAttribute(node, "transA", 0) === 0 && (x[2]?.dims.length ?? 0) < 2 ? { axis } : undefined;
    case "Transpose": {
      const perm = intsAttribute(node, "perm") ?? first.dims.map((_, i) => rank - 1 - i);
      return { axis: perm.indexOf(axis) };
    }
    case "Reshape":
      return reshaped(first.dims, axis, result);
    case "Unsqueeze": {
      const added = second?.constant?.map((each) => fromFront(each, result.length));
      const kept = added && result.map((_, i) => i).filter((i) => !added.includes(i));
      return kept && { axis: kept[axis] };
    }
    case "Squeeze": {
      const taken = second?.constant?.map((each) => fromFront(each));
      return taken && !taken.includes(axis) ? { axis: axis - taken.filter((each) => each < axis).length } : undefined;
    }
    case "Split":
      return fromFront(intAttribute(node, "axis", 0)) === axis ? undefined : { axis };
    case "Slice": {
      const axes = x[3] ? x[3].constant : second?.dims && Array.from({ length: second.dims[0] }, (_, i) => i);
      return axes && axes.every((each) => fromFront(each) !== axis) ? { axis } : undefined;
    }
    case "Gather": {
      const along = fromFront(intAttribute(node, "axis", 0));
      if (along === axis) return undefined;
      return { axis: axis < along ? axis : axis + second!.dims.length - 1 };
    }
  }
  return undefined;
}

function elementwise(x: readonly (LateOperand | undefined)[], result: readonly number[]): LateAxis | undefined {
  const late = x.filter((each) => each?.axis !== undefined) as (LateOperand & { axis: number })[];
  const [{ dims, axis }] = late;
  // Axes are counted from the back, as broadcasting does.
  const back = dims.length - axis;
  if (late.some((each) => each.dims.length - each.axis !== back)) return undefined;
  const sliced: [number, number][] = [];
  for (const [i, each] of x.entries()) {
    if (!each || each.axis !== undefined) continue;
    // What changes and has no rows of its own reaches the early ones too.
    if (each.changes) return undefined;
    const at = each.dims.length - back;
    if (at < 0 || each.dims[at] === 1) continue;
    if (each.dims[at] !== dims[axis]) return undefined;
    sliced.push([i, at]);
  }
  return result[result.length - back] === dims[axis] ? { axis: result.length - back, sliced } : undefined;
}

/** Rows of the first operand; the second is read whole. */
function product(first: LateOperand, second: LateOperand, result: readonly number[]): LateAxis | undefined {
  const axis = first.axis!;
  const rank = first.dims.length;
  if (axis === rank - 1 || second.dims.length < 2 || (axis < rank - 2 && second.dims.length > 2)) return undefined;
  return { axis: axis + result.length - rank, whole: [1] };
}

function concat(
  node: NodeProto,
  x: readonly (LateOperand | undefined)[],
  result: readonly number[],
): LateAxis | undefined {
  const along = intAttribute(node, "axis", 0);
  const axis = x.find((each) => each?.axis !== undefined)!.axis!;
  if ((along < 0 ? along + result.length : along) === axis) return undefined;
  const sliced: [number, number][] = [];
  for (const [i, each] of x.entries()) {
    if (each?.axis === axis) continue;
    if (!each || each.axis !== undefined || each.changes) return undefined;
    sliced.push([i, axis]);
  }
  return { axis, sliced };
}

/** The axis of rows where a new shape leaves it as it is: as many values before it, and as many behind it. */
function reshaped(from: readonly number[], axis: number, to: readonly number[]): LateAxis | undefined {
  if (from.includes(0)) return undefined;
  const count = (dims: readonly number[]) => dims.reduce((product, size) => product * size, 1);
  const at = to.findIndex((size, i) => size === from[axis] && count(to.slice(0, i)) === count(from.slice(0, axis)));
  return at < 0 ? undefined : { axis: at };
}

/** What part of an attention the result of a node is that computes late rows; "unknown" where early rows are not known to stay as they are. */
export function attentionPart(
  node: NodeProto,
  x: readonly (LateOperand | undefined)[],
): AttentionPart | "unknown" | undefined {
  const parts = new Set(x.map((each) => each?.part));
  if (node.opType === "MatMul" && x[1]?.changes)
    return parts.has("scores") ? "unknown" : x[0]?.part === "weights" ? undefined : "scores";
  if (!parts.has("scores")) return parts.has("weights") ? "weights" : undefined;
  if (node.opType === "MatMul") return "unknown";
  return ALONG_ONE_AXIS.has(node.opType) ? "weights" : "scores";
}
