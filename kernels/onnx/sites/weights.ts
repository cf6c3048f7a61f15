import type { NodeProto } from "onnx-buf";
import type { GraphView } from "./graph-view.ts";
import { weightedNode } from "./weighted-node.ts";
import type { WeightedNode } from "./weighted-node.ts";

const PRODUCTS = new Set(["MatMul", "FusedMatMul", "Einsum", "Softmax"]);

/** The weighted nodes of a graph, and which of them stand next to each other. */
export class Weights {
  readonly all: readonly WeightedNode[];
  readonly #view: GraphView;
  readonly #at = new Map<NodeProto, WeightedNode>();

  constructor(view: GraphView) {
    this.#view = view;
    this.all = view.nodes.flatMap((node) => weightedNode(view, node) ?? []);
    for (const weighted of this.all) {
      this.#at.set(weighted.node, weighted);
      // An integer product ends where it is scaled back: its scale would otherwise lead past it.
      this.#at.set(view.made.get(weighted.output)!, weighted);
    }
  }

  of = (node: NodeProto): WeightedNode | undefined => this.#at.get(node);

  /** Where a search for neighbours ends: at weights, and at products of two activations (attention). */
  stops = (node: NodeProto): boolean => this.#at.has(node) || PRODUCTS.has(node.opType);

  /** The nearest weighted nodes that values are computed from, in graph order. */
  before(values: readonly string[]): WeightedNode[] {
    return this.#known(this.#view.ancestors(values, this.stops));
  }

  /** The nearest weighted nodes that a value flows into, in graph order. */
  after(value: string): WeightedNode[] {
    return this.#known(this.#view.descendants(value, this.stops));
  }

  #known(nodes: Iterable<NodeProto>): WeightedNode[] {
    const found = new Set([...nodes].flatMap((node) => this.#at.get(node) ?? []));
    return [...found].sort((a, b) => this.#view.position(a.node) - this.#view.position(b.node));
  }
}
