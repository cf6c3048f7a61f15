import type { NodeProto } from "onnx-buf";
import { int64, zeros } from "../../tensor.ts";
import { bodyGraphs } from "../body-graphs.ts";
import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { prune, readNames } from "../prune.ts";
import type { Trace } from "../trace.ts";
import { freshNames, producers } from "../values.ts";
import { attentionPart, type AttentionPart, lateAxis, type LateAxis, type LateOperand } from "./late-axis.ts";
import { shiftRowNames } from "./shift-rows.ts";

/** Name of the graph input that says from which row on values change. */
export const LATE_FROM = "late_from";

/** A value of which the rows from LATE_FROM on alone change, and the name of those. */
interface Late {
  name: string;
  axis: number;
  part?: AttentionPart;
}

/**
 * Computes what shifts of rows (see shiftRows) change in late rows alone: in a causal decoder the rows before the first shifted one stay as
 * they are, in every layer. They are computed without shifts, apart from the parameters, and attention reads both.
 *
 * New input LATE_FROM, int64 [1]: a row before which every mask of `sites` is zero. Where an operator is not known to work row by row it is
 * computed whole. Numbers are those of the graph as it was, but for rounding. `trace`: of this graph. The graph as it was is returned where
 * shifts act on rows laid end to end. Only for causal decoders (see isCausal), in which a row is computed from those before it alone.
 */
export function lateRows(model: OnnxModel, sites: readonly string[], trace: Trace): OnnxModel {
  const { graph } = model;
  const made = producers(model);
  const names = sites.map(shiftRowNames);
  const fresh = freshNames(model);
  const dims = (name: string) => trace.get(name)?.dims;
  const none = new Map(names.map(({ delta }) => [delta, fresh(`${delta}/none`)]));
  const [unshifted, late] = [new Map(none), new Map<string, Late>()];
  const changes = new Set(names.map(({ delta }) => delta));
  const [zero, count, end] = ["zero", "count", "end"].map((part) => fresh(`${LATE_FROM}:${part}`));
  const nodes: NodeProto[] = [];
  const add = (opType: string, input: string[], output: string, attributes = {}) => {
    nodes.push(makeNode(opType, input, [output], attributes, output));
    return output;
  };
  const axes = new Map<number, string>();
  const axisList = (axis: number) => {
    const name = axes.get(axis) ?? fresh(`${LATE_FROM}:axis_${axis}`);
    axes.set(axis, name);
    return name;
  };
  const cut = new Map<string, string>();
  const rowsOf = (name: string, axis: number) => {
    const key = `${axis} ${name}`;
    const rows = cut.get(key) ?? add("Slice", [name, LATE_FROM, end, axisList(axis)], fresh(`${name}/late`));
    cut.set(key, rows);
    return rows;
  };
  /** The result keeps its name: its early rows as they were without shifts, its late ones as they are. */
  const joined = (name: string, { name: rows, axis }: Late) => {
    const early = add("Slice", [unshifted.get(name)!, zero, LATE_FROM, axisList(axis)], fresh(`${name}/early`));
    add("Concat", [early, rows], name, { axis });
  };
  const isMask = (name: string): boolean => {
    if (names.some(({ mask }) => mask === name)) return true;
    const node = made.get(name);
    return (node?.opType === "Reshape" || node?.opType === "Cast") && isMask(node.input[0]);
  };
  /** The term of a shift: of the rows before the first shifted one it is zero. [batch, tokens, 1] times [out]. */
  const seed = (node: NodeProto): LateAxis | undefined => {
    const mask = node.input.findIndex(isMask);
    return node.opType === "Mul" && dims(node.input[mask])?.length === 3 ? { axis: 1, sliced: [[mask, 1]] } : undefined;
  };
  const operandsOf = (node: NodeProto) =>
    node.input.map((name): LateOperand | undefined => {
      const size = name ? dims(name) : undefined;
      const { axis, part } = late.get(name) ?? {};
      return size && { dims: size, axis, part, changes: changes.has(name), constant: trace.get(name)?.constant };
    });
  const plan = (node: NodeProto, operands: readonly (LateOperand | undefined)[]): LateAxis | undefined => {
    const result = dims(node.output[0]);
    if (!result || node.input.some((name, i) => name && !operands[i])) return undefined;
    return operands.some((each) => each?.axis !== undefined) ? lateAxis(node, operands, result) : seed(node);
  };
  const isScores = (name: string) => late.get(name)?.part === "scores";

  for (const node of graph.node) {
    if (!readNames(node).some((name) => changes.has(name))) {
      nodes.push(node);
      continue;
    }
    // Bodies see the values around them by their names.
    if (bodyGraphs(node).length) return model;
    const before = (name: string) => unshifted.get(name) ?? name;
    if (node.opType === "Shape" || node.opType === "Size") {
      nodes.push(shallowCopy(node, { input: node.input.map(before) }));
      continue;
    }
    const outputs = node.output.map((name) => name && fresh(`${name}/unshifted`));
    nodes.push(shallowCopy(node, { name: outputs[0], input: node.input.map(before), output: outputs }));
    node.output.forEach((name, i) => name && unshifted.set(name, outputs[i]));
    const operands = operandsOf(node);
    const planned = plan(node, operands);
    const part = planned && attentionPart(node, operands);
    // Early rows of scores are not what they were, and nothing has hidden that yet.
    const whole = node.input.filter((_, i) => !planned || planned.whole?.includes(i));
    if (part === "unknown" || whole.some(isScores)) return model;
    for (const name of node.output) if (name) changes.add(name);
    if (!planned) {
      nodes.push(node);
      continue;
    }
    const { axis, sliced = [] } = planned;
    const input = node.input.map((name, i) => {
      const rowed = sliced.find(([operand]) => operand === i);
      return rowed ? rowsOf(name, rowed[1]) : planned.whole?.includes(i) ? name : (late.get(name)?.name ?? name);
    });
    if (node.opType === "Reshape") input[1] = lateShape(outputs[0], axis, dims(node.output[0])!.length);
    const rows = node.output.map((name) => name && fresh(`${name}/late`));
    nodes.push(shallowCopy(node, { name: rows[0], input, output: rows }));
    node.output.forEach((name, i) => {
      if (!name) return;
      late.set(name, { name: rows[i], axis, part });
      joined(name, late.get(name)!);
    });
  }
  if (late.size === 0 || graph.output.some(({ name }) => isScores(name))) return model;

  /** The shape of a value with as many rows as are late. */
  function lateShape(value: string, axis: number, rank: number): string {
    const shape = add("Shape", [value], fresh(`${value}:shape`));
    const [before, behind] = [
      add("Slice", [shape, zero, axisList(axis)], fresh(`${shape}:before`)),
      add("Slice", [shape, axisList(axis + 1), axisList(rank)], fresh(`${shape}:behind`)),
    ];
    return add("Concat", [before, count, behind], fresh(`${shape}:late`), { axis: 0 });
  }

  const [{ mask }] = names;
  const [sizes, tokens] = [fresh(`${LATE_FROM}:sizes`), fresh(`${LATE_FROM}:tokens`)];
  const first = [
    makeNode("Shape", [mask], [sizes], {}, sizes),
    makeNode("Slice", [sizes, axisList(1), axisList(2)], [tokens], {}, tokens),
    makeNode("Sub", [tokens, LATE_FROM], [count], {}, count),
  ];
  return prune(
    withGraph(model, {
      node: [...first, ...nodes],
      input: [...graph.input, makeValueInfo(LATE_FROM, "int64", [1])],
      initializer: [
        ...graph.initializer,
        makeTensor(zero, int64([0], [1])),
        makeTensor(end, int64([Number.MAX_SAFE_INTEGER], [1])),
        ...[...axes].map(([axis, name]) => makeTensor(name, int64([axis], [1]))),
        ...names.map(({ delta }) => makeTensor(none.get(delta)!, zeros(dims(delta)!))),
      ],
    }),
  );
}
