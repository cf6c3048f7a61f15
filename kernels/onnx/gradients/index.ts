// To add an operator: write its rule in a file of its own, add its name to DifferentiableOp and its line to the table, and give it
// cases in test/kernels/onnx/gradients/rule-cases.ts; the compiler and a test name whatever is forgotten.
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { averagePool } from "./average-pool.ts";
import { batchNormalization } from "./batch-normalization.ts";
import { cast } from "./cast.ts";
import { castLike } from "./cast-like.ts";
import { celu } from "./celu.ts";
import { clip } from "./clip.ts";
import { concat } from "./concat.ts";
import { conv } from "./conv.ts";
import { convTranspose } from "./conv-transpose.ts";
import { cos } from "./cos.ts";
import { cumSum } from "./cum-sum.ts";
import { depthToSpace } from "./depth-to-space.ts";
import { div } from "./div.ts";
import { dropout } from "./dropout.ts";
import { einsum } from "./einsum.ts";
import { elu } from "./elu.ts";
import { erf } from "./erf.ts";
import { exp } from "./exp.ts";
import { expand } from "./expand.ts";
import { flatten } from "./flatten.ts";
import { gather } from "./gather.ts";
import { gatherElements } from "./gather-elements.ts";
import { gatherNd } from "./gather-nd.ts";
import { gelu } from "./gelu.ts";
import { gemm } from "./gemm.ts";
import { globalAveragePool } from "./global-average-pool.ts";
import { globalMaxPool } from "./global-max-pool.ts";
import { groupNormalization } from "./group-normalization.ts";
import { hardSigmoid } from "./hard-sigmoid.ts";
import { hardSwish } from "./hard-swish.ts";
import { identity } from "./identity.ts";
import { inSinglePrecision } from "./in-single-precision.ts";
import { instanceNormalization } from "./instance-normalization.ts";
import { layerNormalization } from "./layer-normalization.ts";
import { leakyRelu } from "./leaky-relu.ts";
import { log } from "./log.ts";
import { logSoftmax } from "./log-softmax.ts";
import { matMul } from "./mat-mul.ts";
import { max } from "./max.ts";
import { maxPool } from "./max-pool.ts";
import { min } from "./min.ts";
import { mish } from "./mish.ts";
import { mod } from "./mod.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { pRelu } from "./p-relu.ts";
import { pad } from "./pad.ts";
import { pow } from "./pow.ts";
import { range } from "./range.ts";
import { reciprocal } from "./reciprocal.ts";
import { reduceL1 } from "./reduce-l1.ts";
import { reduceL2 } from "./reduce-l2.ts";
import { reduceLogSum } from "./reduce-log-sum.ts";
import { reduceLogSumExp } from "./reduce-log-sum-exp.ts";
import { reduceMax } from "./reduce-max.ts";
import { reduceMean } from "./reduce-mean.ts";
import { reduceMin } from "./reduce-min.ts";
import { reduceProd } from "./reduce-prod.ts";
import { reduceSum } from "./reduce-sum.ts";
import { reduceSumSquare } from "./reduce-sum-square.ts";
import { relu } from "./relu.ts";
import { reshape } from "./reshape.ts";
import { resize } from "./resize.ts";
import { rmsNormalization } from "./rms-normalization.ts";
import { rotaryEmbedding } from "./rotary-embedding.ts";
import type { GradientRule, RefusedGradient, ZeroGradient } from "./rule.ts";
import { scatterElements } from "./scatter-elements.ts";
import { scatterNd } from "./scatter-nd.ts";
import { selu } from "./selu.ts";
import { sigmoid } from "./sigmoid.ts";
import { sin } from "./sin.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { softplus } from "./softplus.ts";
import { softsign } from "./softsign.ts";
import { spaceToDepth } from "./space-to-depth.ts";
import { split } from "./split.ts";
import { sqrt } from "./sqrt.ts";
import { squeeze } from "./squeeze.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { swish } from "./swish.ts";
import { tanh } from "./tanh.ts";
import { tile } from "./tile.ts";
import { topK } from "./top-k.ts";
import { transpose } from "./transpose.ts";
import { trilu } from "./trilu.ts";
import { unsqueeze } from "./unsqueeze.ts";
import { where } from "./where.ts";

/** Standard operators through which gradients flow. */
// prettier-ignore
export type DifferentiableOp =
  | "Abs" | "Add" | "AveragePool" | "BatchNormalization" | "Cast" | "CastLike" | "Celu" | "Clip" | "Concat" | "Conv"
  | "ConvTranspose" | "Cos" | "CumSum" | "DepthToSpace" | "Div" | "Dropout" | "Einsum" | "Elu" | "Erf" | "Exp" | "Expand"
  | "Flatten" | "Gather" | "GatherElements" | "GatherND" | "Gelu" | "Gemm" | "GlobalAveragePool" | "GlobalMaxPool"
  | "GroupNormalization" | "HardSigmoid" | "HardSwish" | "Identity" | "InstanceNormalization" | "LayerNormalization"
  | "LeakyRelu" | "Log" | "LogSoftmax" | "MatMul" | "Max" | "MaxPool" | "Min" | "Mish" | "Mod" | "Mul" | "Neg" | "PRelu"
  | "Pad" | "Pow" | "RMSNormalization" | "Range" | "Reciprocal" | "ReduceL1" | "ReduceL2" | "ReduceLogSum" | "ReduceLogSumExp"
  | "ReduceMax" | "ReduceMean" | "ReduceMin" | "ReduceProd" | "ReduceSum" | "ReduceSumSquare" | "Relu" | "Reshape" | "Resize" | "RotaryEmbedding"
  | "ScatterElements" | "ScatterND" | "Selu" | "Sigmoid" | "Sin" | "Slice" | "Softmax" | "Softplus" | "Softsign"
  | "SpaceToDepth" | "Split" | "Sqrt" | "Squeeze" | "Sub" | "Sum" | "Swish" | "Tanh" | "Tile" | "TopK" | "Transpose" | "Trilu"
  | "Unsqueeze" | "Where"

/** Standard operators that run bodies of nodes, or do too much at once; differentiating one is refused with advice. */
export type RefusedOp = "Attention" | "If" | "Loop" | "Scan";

/** Standard operators whose derivative is zero wherever it exists. */
// prettier-ignore
export type NonDifferentiableOp =
  | "And" | "ArgMax" | "ArgMin" | "BitShift" | "Ceil" | "Constant" | "ConstantOfShape" | "Equal" | "EyeLike" | "Floor"
  | "Greater" | "GreaterOrEqual" | "Hardmax" | "IsInf" | "IsNaN" | "Less" | "LessOrEqual" | "NonZero" | "Not" | "Or" | "Round"
  | "Shape" | "Sign" | "Size" | "Xor"

export type RuleTable = Record<DifferentiableOp, GradientRule> &
  Record<NonDifferentiableOp, ZeroGradient> &
  Record<RefusedOp, RefusedGradient>;

const truth: ZeroGradient = { zero: "its result is a truth value" };
const index: ZeroGradient = { zero: "its result is an index" };
const size: ZeroGradient = { zero: "sizes do not change with the values" };
const step: ZeroGradient = { zero: "its result is constant between the steps" };
const whole: ZeroGradient = { zero: "it computes with whole numbers" };
const source: ZeroGradient = { zero: "it reads no float value" };

const branch: RefusedGradient = {
  refused: "decides at run time what is computed",
  action:
    "Replace the node by the branch that applies (resolveIf) before tracing, or export the model without the switch",
};
const attention: RefusedGradient = {
  refused: "is a whole attention in one operator (operator set 23)",
  action: "Export the model with opset_version=22 or lower, where attention is written out",
};
const loop: RefusedGradient = {
  refused: "decides at run time what is computed",
  action: "Export the model with the loop unrolled, or choose sites after this node",
};

export const gradientRules = {
  Abs: abs,
  Add: add,
  And: truth,
  ArgMax: index,
  ArgMin: index,
  Attention: attention,
  AveragePool: averagePool,
  BatchNormalization: inSinglePrecision(batchNormalization),
  BitShift: whole,
  Cast: cast,
  CastLike: castLike,
  Ceil: step,
  Celu: celu,
  Clip: clip,
  Concat: concat,
  Constant: source,
  ConstantOfShape: source,
  Conv: conv,
  ConvTranspose: convTranspose,
  Cos: cos,
  CumSum: inSinglePrecision(cumSum),
  DepthToSpace: depthToSpace,
  Div: div,
  Dropout: dropout,
  Einsum: einsum,
  Elu: elu,
  Equal: truth,
  Erf: erf,
  Exp: exp,
  Expand: expand,
  EyeLike: size,
  Flatten: flatten,
  Floor: step,
  Gather: inSinglePrecision(gather),
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Gelu: inSinglePrecision(gelu),
  Gemm: gemm,
  GlobalAveragePool: inSinglePrecision(globalAveragePool),
  GlobalMaxPool: globalMaxPool,
  Greater: truth,
  GreaterOrEqual: truth,
  GroupNormalization: inSinglePrecision(groupNormalization),
  HardSigmoid: hardSigmoid,
  HardSwish: hardSwish,
  Hardmax: step,
  Identity: identity,
  If: branch,
  InstanceNormalization: inSinglePrecision(instanceNormalization),
  IsInf: truth,
  IsNaN: truth,
  LayerNormalization: inSinglePrecision(layerNormalization),
  LeakyRelu: leakyRelu,
  Less: truth,
  LessOrEqual: truth,
  Log: log,
  LogSoftmax: inSinglePrecision(logSoftmax),
  Loop: loop,
  MatMul: matMul,
  Max: max,
  MaxPool: maxPool,
  Min: min,
  Mish: mish,
  Mod: mod,
  Mul: mul,
  Neg: neg,
  NonZero: index,
  Not: truth,
  Or: truth,
  PRelu: pRelu,
  Pad: pad,
  Pow: inSinglePrecision(pow),
  RMSNormalization: inSinglePrecision(rmsNormalization),
  Range: range,
  Reciprocal: reciprocal,
  ReduceL1: reduceL1,
  ReduceL2: inSinglePrecision(reduceL2),
  ReduceLogSum: inSinglePrecision(reduceLogSum),
  ReduceLogSumExp: inSinglePrecision(reduceLogSumExp),
  ReduceMax: reduceMax,
  ReduceMean: inSinglePrecision(reduceMean),
  ReduceMin: reduceMin,
  ReduceProd: inSinglePrecision(reduceProd),
  ReduceSum: reduceSum,
  ReduceSumSquare: inSinglePrecision(reduceSumSquare),
  Relu: relu,
  Reshape: reshape,
  Resize: resize,
  RotaryEmbedding: rotaryEmbedding,
  Round: step,
  Scan: loop,
  ScatterElements: scatterElements,
  ScatterND: scatterNd,
  Selu: selu,
  Shape: size,
  Sigmoid: sigmoid,
  Sign: step,
  Sin: sin,
  Size: size,
  Slice: slice,
  Softmax: inSinglePrecision(softmax),
  Softplus: softplus,
  Softsign: softsign,
  SpaceToDepth: spaceToDepth,
  Split: split,
  Sqrt: sqrt,
  Squeeze: squeeze,
  Sub: sub,
  Sum: sum,
  Swish: swish,
  Tanh: tanh,
  Tile: tile,
  TopK: topK,
  Transpose: transpose,
  Trilu: trilu,
  Unsqueeze: unsqueeze,
  Where: where,
  Xor: truth,
} satisfies RuleTable;
