import type { AttributeProto, GraphProto, NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import { shallowCopy } from "./graph.ts";

/** How the nodes of a body become nodes of the graph around it. */
export interface Placement {
  /** What the body's names for values from outside mean there: arguments of a function, outputs of a branch. */
  bound: ReadonlyMap<string, string>;
  /** A name for a value made inside the body. */
  fresh(wish: string): string;
  /** A name for a node of the body. */
  nodeName(name: string): string;
  /** What an attribute becomes; undefined leaves it out. */
  attribute?(attribute: AttributeProto): AttributeProto | undefined;
}

/**
 * Copies the nodes of a body (of a function or a branch) so that they can stand in another graph: names from outside are replaced,
 * names from inside made fresh, in nested bodies too. Names bound to nothing are values of the graph around and stay.
 */
export function placeNodes(nodes: readonly NodeProto[], placement: Placement): NodeProto[] {
  const names = new Map(placement.bound);
  return nodes.map((node) => placeNode(node, names, placement));
}

function placeNode(node: NodeProto, names: Map<string, string>, placement: Placement): NodeProto {
  const input = node.input.map((name) => names.get(name) ?? name);
  const attribute = node.attribute.flatMap((each) => {
    const changed = placement.attribute ? placement.attribute(each) : each;
    return changed ? [placeAttribute(changed, names, placement)] : [];
  });
  return shallowCopy(node, {
    name: placement.nodeName(node.name),
    input,
    output: node.output.map((name) => define(name, names, placement)),
    attribute,
  });
}

/** Outputs that are bound keep the name they are bound to, everything else gets its own. */
function define(name: string, names: Map<string, string>, { bound, fresh }: Placement): string {
  if (!name) return name;
  const given = bound.get(name) ?? fresh(name);
  names.set(name, given);
  return given;
}

function placeAttribute(attribute: AttributeProto, names: ReadonlyMap<string, string>, placement: Placement) {
  if (!attribute.g && !attribute.graphs.length) return attribute;
  return shallowCopy(attribute, {
    g: attribute.g && placeGraph(attribute.g, names, placement),
    graphs: attribute.graphs.map((graph) => placeGraph(graph, names, placement)),
  });
}

/** A nested body is a scope of its own: what it declares hides the same name outside. */
function placeGraph(graph: GraphProto, outer: ReadonlyMap<string, string>, placement: Placement): GraphProto {
  const names = new Map(outer);
  const own = (name: string) => {
    const given = placement.fresh(name);
    names.set(name, given);
    return given;
  };
  const named = <T extends TensorProto | ValueInfoProto>(each: T): T =>
    shallowCopy(each, { name: own(each.name) } as Partial<T>);
  const initializer = graph.initializer.map(named);
  const declared = new Set(graph.initializer.map((tensor) => tensor.name));
  const input = graph.input.map((each) =>
    declared.has(each.name) ? shallowCopy(each, { name: names.get(each.name)! }) : named(each),
  );
  const inner: Placement = { ...placement, bound: new Map() };
  const node = graph.node.map((each) => placeNode(each, names, inner));
  const output = graph.output.map((each) => shallowCopy(each, { name: names.get(each.name) ?? each.name }));
  return shallowCopy(graph, { initializer, input, node, output, valueInfo: [] });
}
