import type { NodeProto } from "onnx-buf";

/** Operators that exporters fuse or quantise, and that are rewritten into standard float operators before differentiation. */
// prettier-ignore
export const FUSED_OPS = [
  "Attention", "BiasGelu", "ConvInteger", "DequantizeLinear", "DynamicQuantizeLinear", "FastGelu", "FusedMatMul",
  "GatherBlockQuantized", "Gelu", "GroupQueryAttention", "MatMulInteger", "MatMulNBits", "MultiHeadAttention", "QuantizeLinear", "QuickGelu", "RotaryEmbedding",
  "SimplifiedLayerNormalization", "SkipLayerNormalization", "SkipSimplifiedLayerNormalization",
] as const;

export type FusedOp = (typeof FUSED_OPS)[number];

// ONNX Runtime keeps SimplifiedLayerNormalization in the standard domain although the standard does not have it.
const STANDARD_DOMAIN = new Set<FusedOp>([
  "ConvInteger",
  "DequantizeLinear",
  "DynamicQuantizeLinear",
  "MatMulInteger",
  "QuantizeLinear",
  "SimplifiedLayerNormalization",
]);
const names = new Set<string>(FUSED_OPS);

/** Which fused operator a node is; undefined for the others, the standard operators of the same name (Gelu, Attention) included. */
export function fusedOp(node: NodeProto): FusedOp | undefined {
  if (!names.has(node.opType)) return undefined;
  const op = node.opType as FusedOp;
  if (node.domain === "com.microsoft") return op;
  return (node.domain === "" || node.domain === "ai.onnx") && STANDARD_DOMAIN.has(op) ? op : undefined;
}
