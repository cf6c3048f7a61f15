import type { NodeProto } from "onnx-buf";
import { intAttribute, intsAttribute, stringAttribute } from "../attributes.ts";
import type { InferredValue } from "./inferred-value.ts";
import { ShapeInferenceError } from "./shape-inference-error.ts";

/** Type, sizes and where possible contents of every output of one node. */
export type ShapeRule = (call: ShapeCall) => readonly InferredValue[];

/** What a shape rule is given. */
export class ShapeCall {
  readonly node: NodeProto;
  readonly opset: number;
  readonly #inputs: readonly (InferredValue | undefined)[];

  constructor(node: NodeProto, opset: number, inputs: readonly (InferredValue | undefined)[]) {
    this.node = node;
    this.opset = opset;
    this.#inputs = inputs;
  }

  get inputs(): readonly (InferredValue | undefined)[] {
    return this.#inputs;
  }

  /** The same node with other inputs. */
  with = (inputs: readonly InferredValue[]): ShapeCall => new ShapeCall(this.node, this.opset, inputs);

  /** An input that must be there. */
  input(i: number): InferredValue {
    return this.#inputs[i] ?? this.fail(`its input ${i} is missing`);
  }

  has = (i: number): boolean => this.#inputs[i] !== undefined;

  /** Contents of an input on which sizes depend. */
  contents(i: number): readonly number[] {
    return this.input(i).contents ?? this.fail(`its sizes depend on the contents of "${this.node.input[i]}"`);
  }

  int = (name: string, otherwise: number): number => intAttribute(this.node, name, otherwise);
  ints = (name: string): number[] | undefined => intsAttribute(this.node, name);
  text = (name: string, otherwise: string): string => stringAttribute(this.node, name, otherwise);

  /** Axis i of a rank, counted from 0. */
  axis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

  /** Axes from input `i`, else from the attribute, else undefined. */
  axes(i: number): number[] | undefined {
    if (this.has(i)) return [...this.contents(i)];
    return this.ints("axes");
  }

  fail(problem: string): never {
    throw new ShapeInferenceError(this.node, problem, "Trace the graph by running it instead (trace)");
  }
}
