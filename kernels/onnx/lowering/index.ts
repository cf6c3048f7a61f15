// To add a fused operator: write its lowering in a file of its own, add its name to FUSED_OPS and its line to the table, and give it
// rows in test/kernels/onnx/lowering/lowering-cases.ts; the compiler and a test name whatever is forgotten.
import type { NodeProto } from "onnx-buf";
import { requireKnown } from "../../nearest-name.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { raiseOpset } from "../opset.ts";
import { readNames } from "../prune.ts";
import { attention } from "./attention.ts";
import { biasGelu } from "./bias-gelu.ts";
import { convInteger } from "./conv-integer.ts";
import { dequantisedName } from "./dequantised-name.ts";
import { dequantizeLinear } from "./dequantize-linear.ts";
import { fastGelu } from "./fast-gelu.ts";
import { FUSED_OPS, fusedOp } from "./fused-op.ts";
import type { FusedOp } from "./fused-op.ts";
import { fusedMatMul } from "./fused-mat-mul.ts";
import { gatherBlockQuantized } from "./gather-block-quantized.ts";
import { gelu } from "./gelu.ts";
import { groupQueryAttention } from "./group-query-attention.ts";
import { LoweringBuilder } from "./lowering-builder.ts";
import type { Lowering } from "./lowering.ts";
import { matMulInteger } from "./mat-mul-integer.ts";
import { matMulNBits } from "./mat-mul-n-bits.ts";
import { multiHeadAttention } from "./multi-head-attention.ts";
import { quantize } from "./quantize.ts";
import { quickGelu } from "./quick-gelu.ts";
import { rotaryEmbedding } from "./rotary-embedding.ts";
import { simplifiedLayerNormalization } from "./simplified-layer-normalization.ts";
import { skipLayerNormalization } from "./skip-layer-normalization.ts";
import { skipSimplifiedLayerNormalization } from "./skip-simplified-layer-normalization.ts";

export const lowerings = {
  Attention: attention,
  BiasGelu: biasGelu,
  ConvInteger: convInteger,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: quantize,
  FastGelu: fastGelu,
  FusedMatMul: fusedMatMul,
  GatherBlockQuantized: gatherBlockQuantized,
  Gelu: gelu,
  GroupQueryAttention: groupQueryAttention,
  MatMulInteger: matMulInteger,
  MatMulNBits: matMulNBits,
  MultiHeadAttention: multiHeadAttention,
  QuantizeLinear: quantize,
  QuickGelu: quickGelu,
  RotaryEmbedding: rotaryEmbedding,
  SimplifiedLayerNormalization: simplifiedLayerNormalization,
  SkipLayerNormalization: skipLayerNormalization,
  SkipSimplifiedLayerNormalization: skipSimplifiedLayerNormalization,
} satisfies Record<FusedOp, Lowering>;

export interface LowerOptions {
  /** Operators to rewrite. Default: all that are known. */
  only?: readonly FusedOp[];
  /**
   * Values that will be differentiated with respect to. Nodes before all of them then stay fused and quantised, which saves their
   * dequantised weights. Default: rewrite the whole graph. A quantised weight is named by dequantisedName.
   */
  targets?: readonly string[];
}

/**
 * Rewrites fused and quantised operators into standard float operators, so that the gradient rules apply. Values keep their names;
 * the forward result is equal but for rounding. Keep the model itself for plain forward runs: its fused kernels are faster.
 *
 * Memory: every quantised weight that is rewritten becomes a float weight in the type of its scales, 8 times the bytes of a 4-bit
 * weight in float32 (4 times in float16), named by dequantisedName. Name `targets` to keep the layers before them as they are.
 *
 * Throws: LoweringError for a form that cannot be rewritten; WeightValuesError for quantised weights that cannot be read;
 * OpsetError; UnknownNameError for a name in `only`.
 */
export function lower(model: OnnxModel, { only = FUSED_OPS, targets }: LowerOptions = {}): OnnxModel {
  for (const name of only) requireKnown("fused operator", name, FUSED_OPS);
  if (!model.graph.node.some(fusedOp)) return model;
  const raised = raiseOpset(model, 16);
  const { graph } = raised;
  const g = new LoweringBuilder(raised);
  const wanted = targets && readersOf(graph.node, targets);
  const changed = new Set<string>();
  for (const node of graph.node) {
    const renamed = withInputs(node, node.input.map(g.renamed));
    const op = fusedOp(node);
    const emit = g.replacement(node);
    if (!emit && !(op && only.includes(op) && (wanted?.has(node) ?? true))) {
      g.nodes.push(renamed);
      continue;
    }
    g.fusedNode = node.name || node.output[0];
    if (emit) emit();
    else if (op) lowerings[op]({ g, node: renamed, x: renamed.input, y: renamed.output });
    for (const output of node.output) changed.add(output);
  }
  return withGraph(raised, {
    node: g.nodes,
    // A quantised weight that nothing reads any more would only cost memory.
    initializer: [...graph.initializer.filter(stillRead(raised, g.nodes)), ...g.initializers],
    valueInfo: graph.valueInfo.filter((info) => !changed.has(info.name)),
  });
}

const withInputs = (node: NodeProto, input: string[]): NodeProto =>
  input.every((name, i) => name === node.input[i]) ? node : shallowCopy(node, { input });

/** Nodes through which a gradient for the targets passes. */
function readersOf(nodes: readonly NodeProto[], targets: readonly string[]): Set<NodeProto> {
  const reached = new Set(targets);
  const found = new Set<NodeProto>();
  for (const node of nodes) {
    if (!readNames(node).some((name) => reached.has(name) || reached.has(dequantisedName(name)))) continue;
    found.add(node);
    for (const output of node.output) if (output) reached.add(output);
  }
  return found;
}

function stillRead(model: OnnxModel, nodes: readonly NodeProto[]) {
  const before = new Set(model.graph.node.flatMap(readNames));
  const now = new Set([...nodes.flatMap(readNames), ...model.graph.output.map((output) => output.name)]);
  return ({ name }: { name: string }) => now.has(name) || !before.has(name);
}
