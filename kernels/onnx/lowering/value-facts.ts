import type { NodeProto, TensorProto } from "onnx-buf";
import type { TensorType } from "../../tensor.ts";
import { intAttribute, intsAttribute, tensorAttribute } from "../attributes.ts";
import type { Dimension } from "../builder.ts";
import { tensorType } from "../element-type.ts";
import type { OnnxModel } from "../graph.ts";
import { declared, initializerMap, producers } from "../values.ts";

// Inputs that give the element type, or the rank, of an operator's first output, where that is not the first input.
const TYPE_FROM: Record<string, number> = {
  Where: 1,
  DequantizeLinear: 1,
  GatherBlockQuantized: 2,
  ConstantOfShape: -1,
};
const ALWAYS_RANK_3 = new Set(["GroupQueryAttention", "MultiHeadAttention", "Attention"]);
const BROADCAST = new Set(["Add", "Sub", "Mul", "Div", "Where", "Pow", "Max", "Min", "MatMul", "FusedMatMul"]);

/**
 * What the graph itself says of its values: element type, rank, fixed sizes. A lowering needs these few facts without a run, because
 * a graph cannot be traced for gradients before it is lowered.
 */
export class ValueFacts {
  readonly #weights: Map<string, TensorProto>;
  readonly #made: Map<string, NodeProto>;
  readonly #declared = new Map<string, { type: TensorType | undefined; dims: Dimension[] | undefined }>();
  readonly #types = new Map<string, TensorType>();
  readonly #ranks = new Map<string, number | undefined>();

  constructor(model: OnnxModel) {
    this.#weights = initializerMap(model);
    this.#made = producers(model);
    for (const info of [...model.graph.valueInfo, ...model.graph.output, ...model.graph.input])
      this.#declared.set(info.name, declared(info));
  }

  /** A weight or constant of the graph. */
  weight(name: string | undefined): TensorProto | undefined {
    if (!name) return undefined;
    const made = this.#made.get(name);
    return this.#weights.get(name) ?? (made?.opType === "Constant" ? tensorAttribute(made, "value") : undefined);
  }

  producer = (name: string): NodeProto | undefined => this.#made.get(name);

  /** A size that is the same in every run. */
  size(name: string, axis: number): number | undefined {
    const dims = this.weight(name)?.dims.map(Number) ?? this.#declared.get(name)?.dims;
    const size = dims?.at(axis);
    return typeof size === "number" ? size : undefined;
  }

  /** Element type of a float value; float32 where the graph does not say. */
  type(name: string): TensorType {
    const known = this.#types.get(name);
    if (known) return known;
    this.#types.set(name, "float32");
    const weight = this.weight(name);
    const made = this.#made.get(name);
    const from = made && made.input[TYPE_FROM[made.opType] ?? 0];
    const type =
      (weight && tensorType(weight.dataType)) ??
      this.#declared.get(name)?.type ??
      (made?.opType === "Cast" ? tensorType(intAttribute(made, "to", 1)) : undefined) ??
      (from ? this.type(from) : "float32");
    this.#types.set(name, type);
    return type;
  }

  /** Number of axes, where the graph says so. */
  rank(name: string): number | undefined {
    if (this.#ranks.has(name)) return this.#ranks.get(name);
    this.#ranks.set(name, undefined);
    const made = this.#made.get(name);
    const rank =
      this.weight(name)?.dims.length ?? this.#declared.get(name)?.dims?.length ?? (made && this.#rankMade(made));
    this.#ranks.set(name, rank);
    return rank;
  }

  #rankMade(node: NodeProto): number | undefined {
    const [a, b] = node.input;
    const rank = (name: string | undefined) => (name ? this.rank(name) : undefined);
    if (ALWAYS_RANK_3.has(node.opType)) return 3;
    if (node.opType === "Transpose") return intsAttribute(node, "perm")?.length ?? rank(a);
    if (node.opType === "Reshape" || node.opType === "Expand") return this.size(b, 0);
    if (node.opType === "Gather") {
      const [data, index] = [rank(a), rank(b)];
      return data === undefined || index === undefined ? undefined : data + index - 1;
    }
    if (node.opType === "Unsqueeze" || node.opType === "Squeeze") {
      const [data, axes] = [rank(a), this.size(b ?? "", 0)];
      if (data === undefined || axes === undefined) return undefined;
      return node.opType === "Unsqueeze" ? data + axes : data - axes;
    }
    if (BROADCAST.has(node.opType)) {
      const ranks = node.input.map(rank);
      return ranks.some((one) => one === undefined) ? undefined : Math.max(...(ranks as number[]));
    }
    return rank(a);
  }
}
