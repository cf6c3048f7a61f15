import type { NodeProto, TensorProto } from "onnx-buf";
import { makeNode, makeTensor } from "../../onnx/index.ts";
import { float32, int64 } from "../../tensor.ts";

type Attributes = Parameters<typeof makeNode>[3];

/** Appends nodes under one prefix; scalars are made once. */
export class NodeList {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly #prefix: string;
  readonly #scalars = new Map<number, string>();
  #count = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  op(opType: string, inputs: readonly string[], attributes: Attributes = {}, name?: string): string {
    const output = name ?? `${this.#prefix}${opType}_${this.#count++}`;
    this.nodes.push(makeNode(opType, inputs, [output], attributes, output));
    return output;
  }

  scalar(value: number): string {
    let name = this.#scalars.get(value);
    if (name === undefined) {
      name = `${this.#prefix}scalar_${this.#scalars.size}`;
      this.#scalars.set(value, name);
      this.initializers.push(makeTensor(name, float32([value], [])));
    }
    return name;
  }

  /** A list of integers, such as a shape. */
  ints(values: readonly number[]): string {
    const name = `${this.#prefix}ints_${this.#count++}`;
    this.initializers.push(makeTensor(name, int64([...values], [values.length])));
    return name;
  }

  add = (a: string, b: string, name?: string): string => this.op("Add", [a, b], {}, name);
  sub = (a: string, b: string, name?: string): string => this.op("Sub", [a, b], {}, name);
  mul = (a: string, b: string): string => this.op("Mul", [a, b]);
  div = (a: string, b: string): string => this.op("Div", [a, b]);
}
