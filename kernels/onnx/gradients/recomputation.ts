import type { NodeProto } from "onnx-buf";
import { RANDOM } from "../constant-values.ts";
import type { GradientBuilder } from "./gradient-builder.ts";

/** A value that alone carries the signal from the nodes before it to those after it, such as the residual stream between two blocks. */
interface Boundary {
  value: string;
  /** Position of the node that makes it. */
  index: number;
}

/** Nodes and values through which gradients flow. */
export interface Reach {
  nodes: ReadonlySet<NodeProto>;
  values: ReadonlySet<string>;
}

/**
 * Activation recomputation: what lies between two boundaries is not kept for the backward pass but computed once more from the first
 * of them when the backward pass gets there. Memory falls from all activations to one block's and the boundaries; time grows by at
 * most one forward pass.
 *
 * The copies start from a copy of the boundary that cannot be made before the gradients behind the block are there. That orders the run, and ONNX Runtime's elimination of common subexpressions does not merge the copies with the first pass: their inputs differ.
 */
export class Recomputation {
  readonly #nodes: readonly NodeProto[];
  readonly #boundaries: readonly Boundary[];
  readonly #targets: readonly string[];
  readonly #renamed = new Map<number, ReadonlyMap<string, string>>();
  readonly #waited = new Set<string>();

  constructor(nodes: readonly NodeProto[], reach: Reach, targets: readonly string[]) {
    this.#nodes = nodes;
    this.#targets = targets;
    this.#boundaries = findBoundaries(nodes, reach);
  }

  /** Number of blocks that are computed twice. */
  get blocks(): number {
    return Math.max(0, this.#boundaries.length - 1);
  }

  /** The name under which the backward pass of node `index` reads a forward value. Emits the block's copies when it is first entered. */
  names(index: number, g: GradientBuilder, gradients: ReadonlyMap<string, string>): (name: string) => string {
    const block = this.#boundaries.findLastIndex((boundary) => boundary.index < index);
    // What follows the last boundary is fresh in memory; what precedes the first has nothing to start from.
    if (block < 0 || block >= this.blocks) return (name) => name;
    let renamed = this.#renamed.get(block);
    if (!renamed) this.#renamed.set(block, (renamed = this.#emit(block, g, gradients)));
    return (name) => renamed.get(name) ?? name;
  }

  #emit(block: number, g: GradientBuilder, gradients: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    const [start, end] = [this.#boundaries[block], this.#boundaries[block + 1]];
    const renamed = new Map<string, string>();
    const arrived = gradients.get(end.value);
    if (arrived === undefined) return renamed;
    renamed.set(start.value, g.after(start.value, [arrived, ...this.#finished(g, gradients, end.value)], end.value));
    for (const node of this.#nodes.slice(start.index + 1, end.index + 1))
      if (repeats(node) && node.input.some((input) => renamed.has(input))) g.repeat(node, renamed);
    // The end is kept anyway: the next block starts from it.
    renamed.delete(end.value);
    return renamed;
  }

  /**
   * Gradients of targets that came with the blocks behind. Without waiting for them ONNX Runtime puts weight gradients off to the end
   * of the run, and with them everything they are made of.
   */
  #finished(g: GradientBuilder, gradients: ReadonlyMap<string, string>, like: string): string[] {
    const made = this.#targets.flatMap((target) => (g.type(target) === g.type(like) && gradients.get(target)) || []);
    const added = made.filter((gradient) => !this.#waited.has(gradient));
    for (const gradient of added) this.#waited.add(gradient);
    return added;
  }
}

/** Random numbers would be others the second time; bodies name outer values that are not renamed. */
const repeats = (node: NodeProto) => !RANDOM.has(node.opType) && !node.attribute.some((attribute) => attribute.g);

/** Values that are read by several nodes, as a residual stream is, at a place where no other value with a gradient is still needed. */
function findBoundaries(nodes: readonly NodeProto[], reach: Reach): Boundary[] {
  const lastRead = new Map<string, number>();
  const readers = new Map<string, number>();
  nodes.forEach((node, index) => {
    if (!reach.nodes.has(node)) return;
    for (const input of new Set(node.input)) {
      lastRead.set(input, index);
      readers.set(input, (readers.get(input) ?? 0) + 1);
    }
  });
  const needed = new Set<string>();
  const boundaries: Boundary[] = [];
  nodes.forEach((node, index) => {
    if (!reach.nodes.has(node)) return;
    for (const input of node.input) if (lastRead.get(input) === index) needed.delete(input);
    for (const output of node.output)
      if (reach.values.has(output) && (lastRead.get(output) ?? -1) > index) needed.add(output);
    const [value] = node.output;
    if (needed.size === 1 && needed.has(value) && readers.get(value)! > 1) boundaries.push({ value, index });
  });
  return boundaries;
}
