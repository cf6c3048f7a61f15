import type { NodeProto } from "onnx-buf";
import { makeAttribute } from "../attributes.ts";
import { makeNode, makeTensor } from "../builder.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { prune, readNames } from "../prune.ts";
import { int64 } from "../../tensor.ts";
import type { Trace } from "../trace.ts";
import { freshNames, producers } from "../values.ts";
import { REDUCTIONS, RESHAPES, rowOperands } from "./row-operands.ts";
import { SELECTED_ROWS } from "./select-rows.ts";

/**
 * Moves a choice of rows (see selectRows) towards the inputs, through every node that computes a row of its result from the same row of
 * what it reads: behind the last attention of a decoder nothing then sees more tokens than are scored, neither forward nor back.
 *
 * A value that anything else reads, such as another term of a loss, is left whole, and what it is made of as well. The result is that of
 * the graph as it was, but for rounding: a product of fewer rows may add in another order. `trace`: of this graph. Outputs that nobody
 * asks for are readers too: take them away before.
 */
export function selectEarly(model: OnnxModel, trace: Trace): OnnxModel {
  const made = producers(model);
  const gather = model.graph.node.find(({ opType, input }) => opType === "Gather" && input[1] === SELECTED_ROWS);
  const flatten = gather && made.get(gather.input[0]);
  if (!flatten) return model;
  const pulled = pulledNodes(model, trace, flatten);
  if (pulled.size === 0) return model;
  const fresh = freshNames(model);
  const chosen = new Map<string, string>();
  /** The chosen rows of a value, [n, features], and the nodes that choose them where nothing has yet. */
  const rowsOf = (name: string): { name: string; nodes: NodeProto[] } => {
    const producer = made.get(name);
    // Of a pulled node nothing else is read, so that its result keeps its name and has fewer rows.
    if (producer && pulled.has(producer)) return { name, nodes: [] };
    const known = chosen.get(name);
    if (known) return { name: known, nodes: [] };
    const [flat, few] = [`${name}/flat`, `${name}/${SELECTED_ROWS}`].map(fresh);
    chosen.set(name, few);
    return {
      name: few,
      nodes: [
        makeNode("Flatten", [name], [flat], { axis: -1 }, flat),
        makeNode("Gather", [flat, SELECTED_ROWS], [few], { axis: 0 }, few),
      ],
    };
  };
  const node = model.graph.node.flatMap((each): NodeProto[] => {
    if (each === gather) return [makeNode("Identity", [flatten.input[0]], [...gather.output], {}, gather.name)];
    const operands = pulled.get(each);
    if (!operands) return [each];
    const nodes: NodeProto[] = [];
    const input = each.input.map((name, i) => {
      if (!operands.includes(i)) return name;
      const rows = rowsOf(name);
      nodes.push(...rows.nodes);
      return rows.name;
    });
    if (RESHAPES.has(each.opType)) nodes.push(makeNode("Identity", [input[0]], [each.output[0]], {}, each.name));
    else nodes.push(alongRows(each, input));
    return nodes;
  });
  const narrowed = new Set([...pulled.keys()].flatMap(({ output }) => output));
  const { initializer, valueInfo } = model.graph;
  return prune(
    withGraph(model, {
      node,
      initializer: [...initializer, makeTensor(LAST_AXIS, int64([-1], [1]))],
      valueInfo: valueInfo.filter(({ name }) => !narrowed.has(name)),
    }),
  );
}

const LAST_AXIS = `${SELECTED_ROWS}:last_axis`;

/** A node over rows laid end to end: what counted axes from the front counts the last one from the back, as there is one axis less. */
function alongRows(node: NodeProto, input: string[]): NodeProto {
  const attribute = node.attribute.map((each) => {
    if (each.name === "axes") return makeAttribute("axes", [-1]);
    return each.name === "axis" ? makeAttribute("axis", -1) : each;
  });
  const axes = REDUCTIONS.has(node.opType) && input[1];
  return shallowCopy(node, { input: axes ? [input[0], LAST_AXIS] : input, attribute });
}

/** Nodes before the choice that need compute chosen rows alone, each with the operands that have rows. */
function pulledNodes(model: OnnxModel, trace: Trace, flatten: NodeProto): Map<NodeProto, number[]> {
  const readers = new Map<string, NodeProto[]>();
  for (const node of model.graph.node)
    for (const name of new Set(readNames(node))) readers.set(name, [...(readers.get(name) ?? []), node]);
  const asked = new Set(model.graph.output.map(({ name }) => name));
  const pulled = new Map<NodeProto, number[]>();
  // Whoever reads a node's result stands behind it.
  for (const node of [...model.graph.node].reverse()) {
    const [result, ...more] = node.output.filter(Boolean);
    const read = readers.get(result) ?? [];
    if (!result || more.length || asked.has(result) || read.length === 0) continue;
    const byRow = (reader: NodeProto) => {
      const operands = pulled.get(reader);
      return operands !== undefined && reader.input.every((name, i) => name !== result || operands.includes(i));
    };
    if (!read.every((reader) => reader === flatten || byRow(reader))) continue;
    const operands = rowOperands(node, trace);
    if (operands) pulled.set(node, operands);
  }
  return pulled;
}
