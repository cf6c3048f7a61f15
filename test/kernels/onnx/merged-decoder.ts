import { create } from "@bufbuild/protobuf";
import { AttributeProto_AttributeType, AttributeProtoSchema, type NodeProto } from "onnx-buf";
import { makeModel, makeNode, makeTensor, makeValueInfo } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { float32, int64 } from "../../../kernels/tensor.ts";
import { seededValues } from "./seeded-values.ts";

export const HIDDEN = 8;
export const WORDS = 12;

const LOGITS = makeValueInfo("logits", "float32", ["batch", "tokens", WORDS]);
const CACHE = (name: string) => makeValueInfo(name, "float32", ["batch", 1, "past", HIDDEN]);

/**
 * A decoder of one layer and one head in the form that optimum merges: one `If` on `use_cache_branch` whose branches hold the whole
 * network, with and without a cache, over weights that lie around it.
 */
export function mergedDecoder(): OnnxModel {
  const weight = (name: string, dims: number[], seed: number) =>
    makeTensor(name, seededValues("float32", dims, 1, seed));
  const choice = makeNode(
    "If",
    ["use_cache_branch"],
    ["logits", "present.0.key", "present.0.value"],
    {},
    "optimum::if",
  );
  choice.attribute = [["then_branch", true] as const, ["else_branch", false] as const].map(([name, cached]) =>
    create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: branch(cached) }),
  );
  return makeModel({
    nodes: [choice],
    inputs: [
      makeValueInfo("input_ids", "int64", ["batch", "tokens"]),
      makeValueInfo("attention_mask", "int64", ["batch", "total"]),
      CACHE("past_key_values.0.key"),
      CACHE("past_key_values.0.value"),
      makeValueInfo("use_cache_branch", "bool", [1]),
    ],
    outputs: [LOGITS, CACHE("present.0.key"), CACHE("present.0.value")],
    initializers: [
      weight("embed.weight", [WORDS, HIDDEN], 1),
      weight("q.weight", [HIDDEN, HIDDEN], 2),
      weight("k.weight", [HIDDEN, HIDDEN], 3),
      weight("v.weight", [HIDDEN, HIDDEN], 4),
      weight("o.weight", [HIDDEN, HIDDEN], 5),
      weight("lm_head.weight", [HIDDEN, WORDS], 6),
    ],
  });
}

/** The network of one branch; names inside are the same in both, as exporters write them. */
function branch(cached: boolean) {
  const at = "/model/layers.0/self_attn";
  const project = (name: string): NodeProto[] => [
    makeNode(
      "MatMul",
      ["embedded", `${name}.weight`],
      [`${at}/${name}_proj/MatMul_output_0`],
      {},
      `${at}/${name}_proj/MatMul`,
    ),
    makeNode("Unsqueeze", [`${at}/${name}_proj/MatMul_output_0`, "one"], [name]),
  ];
  const outputs = ["logits_out", "key_out", "value_out"];
  const keep = (part: string, from: string, to: string) =>
    cached
      ? makeNode("Concat", [`past_key_values.0.${part}`, from], [to], { axis: 2 })
      : makeNode("Identity", [from], [to]);
  const nodes = [
    makeNode("Gather", ["embed.weight", "input_ids"], ["embedded"]),
    ...["q", "k", "v"].flatMap(project),
    keep("key", "k", "key_out"),
    keep("value", "v", "value_out"),
    makeNode("Shape", ["key_out"], ["total"], { start: 2, end: 3 }),
    makeNode("Shape", ["input_ids"], ["new"], { start: 1, end: 2 }),
    makeNode("Sub", ["total", "new"], ["past"]),
    ...["zero", "past", "total"].map((name) => makeNode("Squeeze", [name], [`${name}0`])),
    makeNode("Range", ["zero0", "total0", "step"], ["columns"]),
    makeNode("Range", ["past0", "total0", "step"], ["row"]),
    makeNode("Unsqueeze", ["row", "one"], ["rows"]),
    makeNode("LessOrEqual", ["columns", "rows"], ["visible"]),
    makeNode("Transpose", ["key_out"], ["turned"], { perm: [0, 1, 3, 2] }),
    makeNode("MatMul", ["q", "turned"], ["scores"]),
    makeNode("Where", ["visible", "scores", "low"], ["masked"]),
    makeNode("Softmax", ["masked"], ["attention"], { axis: -1 }),
    makeNode("MatMul", ["attention", "value_out"], ["mixed"]),
    makeNode("Squeeze", ["mixed", "one"], ["context"]),
    makeNode("MatMul", ["context", "o.weight"], [`${at}/o_proj/MatMul_output_0`], {}, `${at}/o_proj/MatMul`),
    makeNode("Add", [`${at}/o_proj/MatMul_output_0`, "embedded"], ["hidden"]),
    makeNode("MatMul", ["hidden", "lm_head.weight"], ["logits_out"], {}, "/lm_head/MatMul"),
  ];
  return makeModel({
    nodes,
    inputs: [],
    outputs: outputs.map((name) => makeValueInfo(name, "float32", undefined)),
    initializers: [
      makeTensor("one", int64([1], [1])),
      makeTensor("zero", int64([0], [1])),
      makeTensor("step", int64([1], [])),
      makeTensor("low", float32([-1e9], [])),
    ],
  }).graph;
}
