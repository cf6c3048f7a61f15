// Fused and quantised operators that a partly lowered graph keeps before the values it is differentiated for.
import type { FusedOp } from "../lowering/fused-op.ts";
import { likeFirst } from "./elementwise.ts";
import type { InferredValue } from "./inferred-value.ts";
import { matMul } from "./product.ts";
import { dequantizeLinear, dynamicQuantizeLinear, quantizeLinear } from "./quantised.ts";
import type { ShapeCall, ShapeRule } from "./shape-call.ts";
import { conv } from "./window.ts";

/** Sum outputs of the skip norms: the result, mean and inverse deviation, and the sum itself. */
const skipNorm: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  const statistics: InferredValue = {
    type: "float32",
    dims: dims.map((size, axis) => (axis < dims.length - 1 ? size : 1)),
  };
  return [{ type, dims }, statistics, statistics, { type, dims }];
};

const matMulNBits: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  return [{ type, dims: [...dims.slice(0, -1), call.int("N", 0)] }];
};

/** The data may be packed; how long a row is, the scales tell. */
const gatherBlockQuantized: ShapeRule = (call) => {
  const [index, scales] = [call.input(1), call.input(2)];
  if (call.int("gather_axis", 0) !== 0) call.fail("it gathers along another axis than the first");
  const last = scales.dims.length - 1;
  const axis = call.axis(call.int("quantize_axis", 1), scales.dims.length);
  if (axis !== last) call.fail("it is quantised along another axis than the last");
  const width = scales.dims[last] * call.int("block_size", 128);
  return [{ type: scales.type, dims: [...index.dims, ...scales.dims.slice(1, -1), width] }];
};

const fusedMatMul: ShapeRule = (call) => {
  if (call.int("transBatchA", 0) || call.int("transBatchB", 0)) call.fail("it transposes its batch");
  const turned = (i: number, name: string): InferredValue => {
    const { type, dims } = call.input(i);
    return {
      type,
      dims: call.int(name, 0) ? [...dims.slice(0, -2), dims[dims.length - 1], dims[dims.length - 2]] : dims,
    };
  };
  return matMul()(call.with([turned(0, "transA"), turned(1, "transB")]));
};

/** Keys and values of the cache follow the queries' output. */
const withPresent = (
  call: ShapeCall,
  out: InferredValue,
  heads: number,
  size: number,
  past: number,
): InferredValue[] => {
  const [batch, tokens] = out.dims;
  const cached = call.has(past) ? call.input(past).dims[2] : 0;
  const present = { type: out.type, dims: [batch, heads, cached + tokens, size] };
  return [out, present, present];
};

const groupQueryAttention: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  const [heads, groups] = [call.int("num_heads", 1), call.int("kv_num_heads", 1)];
  const size = call.has(1) ? dims[2] / heads : dims[2] / (heads + 2 * groups);
  return withPresent(call, { type, dims: [dims[0], dims[1], heads * size] }, groups, size, 3);
};

const multiHeadAttention: ShapeRule = (call) => {
  const query = call.input(0);
  const heads = call.int("num_heads", 1);
  if (call.node.output.filter(Boolean).length > 1) call.fail("it passes its keys and values on");
  if (query.dims.length === 5)
    return [{ type: query.type, dims: [query.dims[0], query.dims[1], heads * query.dims[4]] }];
  const value = call.has(2) ? call.input(2).dims : query.dims;
  const width = value.length === 4 ? heads * value[3] : value[2];
  return [{ type: query.type, dims: [query.dims[0], query.dims[1], width] }];
};

const attention: ShapeRule = (call) => {
  const { type, dims } = call.input(0);
  if (call.node.output.filter(Boolean).length > 1) call.fail("it passes its keys and values on");
  const width = call.ints("qkv_hidden_sizes")?.[2] ?? call.input(1).dims[1] / 3;
  return [{ type, dims: [dims[0], dims[1], width] }];
};

export const fusedShapeRules: Readonly<Record<FusedOp, ShapeRule>> = {
  Attention: attention,
  BiasGelu: likeFirst,
  ConvInteger: conv("int32"),
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
  FastGelu: likeFirst,
  FusedMatMul: fusedMatMul,
  GatherBlockQuantized: gatherBlockQuantized,
  Gelu: likeFirst,
  GroupQueryAttention: groupQueryAttention,
  MatMulInteger: matMul("int32"),
  MatMulNBits: matMulNBits,
  MultiHeadAttention: multiHeadAttention,
  QuantizeLinear: quantizeLinear,
  QuickGelu: likeFirst,
  RotaryEmbedding: likeFirst,
  SimplifiedLayerNormalization: likeFirst,
  SkipLayerNormalization: skipNorm,
  SkipSimplifiedLayerNormalization: skipNorm,
};
