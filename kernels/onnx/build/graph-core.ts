import type { NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import { UserFacingError } from "../../errors.ts";
import { float32, int64 } from "../../tensor.ts";
import type { Tensor, TensorType } from "../../tensor.ts";
import type { AttributeValue } from "../attributes.ts";
import { makeModel, makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import { requireGraphName } from "../values.ts";
import type { Initialiser } from "./initialisers.ts";
import { seedOf } from "./seed-of.ts";
import { ShapeError, showDims } from "./value.ts";
import type { Dim, Float, Value } from "./value.ts";

/** Cause: a graph is built with two things of one name, or weights that it does not have. Handled by: the caller. */
export class BuildError extends UserFacingError {}

export interface BuilderOptions {
  /** Seed of every initial weight. Default 0. */
  seed?: number;
  /** Operator set, 17 or later (LayerNormalization). Default 17. */
  opset?: number;
  /** Values to use instead of initial ones, by parameter name. All must be used. */
  weights?: ReadonlyMap<string, Tensor>;
}

/** A finished graph. */
export interface BuiltModel {
  model: OnnxModel;
  /** Trainable weights, by the name that their initialiser has in the model. Bytes are shared with it. */
  parameters: Map<string, Tensor<Float32Array>>;
}

/**
 * Names, parameters and nodes of a graph under construction. Nodes are named by scope ("/layers.1/mlp/down_proj/MatMul"), parameters
 * likewise ("layers.1.mlp.down_proj.weight"), so that findSites finds the roles and profiles can be read.
 */
export class GraphCore {
  readonly opset: number;
  readonly #seed: number;
  readonly #weights: Map<string, Tensor>;
  readonly #nodes: NodeProto[] = [];
  readonly #inputs: ValueInfoProto[] = [];
  readonly #constants: TensorProto[] = [];
  readonly #parameters = new Map<string, Tensor<Float32Array>>();
  readonly #outputs = new Map<string, Value>();
  readonly #names = new Set<string>();
  readonly #cache = new Map<string, Value>();
  readonly #scope: string[] = [];

  constructor({ seed = 0, opset = 17, weights = new Map() }: BuilderOptions = {}) {
    this.#seed = seed;
    this.opset = opset;
    this.#weights = new Map(weights);
  }

  /** Everything made in `body` is named inside `name`; scopes nest. */
  scope<T>(name: string, body: () => T): T {
    this.#scope.push(name);
    try {
      return body();
    } finally {
      this.#scope.pop();
    }
  }

  #claim(name: string): string {
    if (this.#names.has(name))
      throw new BuildError(`graph: two values are called "${name}". Use a scope, or another name.`);
    this.#names.add(name);
    return name;
  }

  input<T extends TensorType>(name: string, type: T, dims: readonly Dim[]): Value<T> {
    this.#inputs.push(makeValueInfo(this.#claim(name), type, dims));
    return { name, type, dims };
  }

  /** A trainable weight, named inside the present scope. Throws: ShapeError when given weights have another shape. */
  parameter(name: string, dims: readonly number[], initialise: Initialiser): Float {
    const full = this.#claim([...this.#scope, name].join("."));
    const given = this.#weights.get(full);
    this.#weights.delete(full);
    if (given && (given.type !== "float32" || showDims(given.dims) !== showDims(dims)))
      throw new ShapeError(
        `parameter "${full}": the given weights are ${given.type} ${showDims(given.dims)}, the graph needs float32 ${showDims(dims)}. Pass weights of that shape.`,
      );
    const data = (given?.data as Float32Array) ?? initialise(dims, seedOf(full, this.#seed));
    this.#parameters.set(full, float32(data, dims));
    return { name: full, type: "float32", dims };
  }

  /** A parameter made before, to use a second time (a tied head). Throws: UnknownGraphNameError. */
  sharedParameter(name: string): Float {
    requireGraphName("parameter", name, this.#parameters.keys());
    return { name, type: "float32", dims: this.#parameters.get(name)!.dims };
  }

  constant<T extends TensorType>(tensor: Tensor & { type: T }): Value<T> {
    const name = this.#claim(`constant_${this.#constants.length}`);
    this.#constants.push(makeTensor(name, tensor));
    return { name, type: tensor.type, dims: tensor.dims };
  }

  #once<T extends TensorType>(key: string, make: () => Value<T>): Value<T> {
    const value = this.#cache.get(key) ?? make();
    this.#cache.set(key, value);
    return value as Value<T>;
  }

  /** A single number. */
  scalar = (value: number): Float => this.#once(`scalar:${value}`, () => this.constant(float32([value], []) as never));
  /** A list of integers, such as axes. */
  ints = (values: readonly number[]): Value<"int64"> =>
    this.#once(`ints:${values.join()}`, () => this.constant(int64([...values], [values.length]) as never));
  int = (value: number): Value<"int64"> => this.#once(`int:${value}`, () => this.constant(int64([value], []) as never));

  /** Appends one operator; the caller states what comes out. An optional input that is left out is undefined. */
  node<T extends TensorType>(
    opType: string,
    inputs: readonly (Value | undefined)[],
    type: T,
    dims: readonly Dim[],
    attributes: Record<string, AttributeValue> = {},
  ): Value<T> {
    return this.nodes(opType, inputs, type, [dims], attributes)[0];
  }

  /** Appends one operator with several outputs of one type. */
  nodes<T extends TensorType>(
    opType: string,
    inputs: readonly (Value | undefined)[],
    type: T,
    shapes: readonly (readonly Dim[])[],
    attributes: Record<string, AttributeValue> = {},
  ): Value<T>[] {
    const path = `/${[...this.#scope, opType].join("/")}`;
    let label = path;
    for (let i = 1; this.#names.has(`${label}_output_0`); i++) label = `${path}_${i}`;
    const outputs = shapes.map((dims, i): Value<T> => ({ name: this.#claim(`${label}_output_${i}`), type, dims }));
    const names = inputs.map((input) => input?.name ?? "");
    this.#nodes.push(makeNode(opType, names, outputs.map((output) => output.name), attributes, label)); // prettier-ignore
    return outputs;
  }

  /** Makes a value an output of the graph, under `name`. */
  output(name: string, value: Value): void {
    this.#claim(name);
    this.#outputs.set(name, value);
  }

  /** The model. Throws: BuildError for given weights that no parameter took, and for a graph without outputs. */
  finish(): BuiltModel {
    const [left] = this.#weights.keys();
    if (left !== undefined) requireGraphName("parameter", left, this.#parameters.keys());
    if (this.#outputs.size === 0) throw new BuildError("graph: it has no outputs. Call output(name, value).");
    const produced = new Set(this.#nodes.flatMap((node) => node.output));
    const renamed = new Map<string, string>();
    for (const [name, value] of this.#outputs) {
      if (produced.has(value.name) && !renamed.has(value.name)) renamed.set(value.name, name);
      else this.#nodes.push(makeNode("Identity", [value.name], [name], {}, name));
    }
    const rename = (name: string) => renamed.get(name) ?? name;
    for (const node of this.#nodes) {
      node.input = node.input.map(rename);
      node.output = node.output.map(rename);
    }
    const parameters = [...this.#parameters].map(([name, tensor]) => makeTensor(name, tensor));
    const outputs = [...this.#outputs].map(([name, { type, dims }]) => makeValueInfo(name, type, dims));
    return {
      model: makeModel({
        nodes: this.#nodes,
        inputs: this.#inputs,
        outputs,
        initializers: [...parameters, ...this.#constants],
        opset: this.opset,
      }),
      parameters: this.#parameters,
    };
  }
}
