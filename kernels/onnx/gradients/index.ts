// To add an operator: write its rule in a file of its own, add its name to DifferentiableOp and its line to the table, and give it
// cases in test/kernels/onnx/gradients/rule-cases.ts; the compiler and a test name whatever is forgotten.
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { cast } from "./cast.ts";
import { clip } from "./clip.ts";
import { concat } from "./concat.ts";
import { cos } from "./cos.ts";
import { div } from "./div.ts";
import { dropout } from "./dropout.ts";
import { erf } from "./erf.ts";
import { exp } from "./exp.ts";
import { expand } from "./expand.ts";
import { flatten } from "./flatten.ts";
import { gather } from "./gather.ts";
import { gatherElements } from "./gather-elements.ts";
import { gelu } from "./gelu.ts";
import { gemm } from "./gemm.ts";
import { identity } from "./identity.ts";
import { layerNormalization } from "./layer-normalization.ts";
import { log } from "./log.ts";
import { logSoftmax } from "./log-softmax.ts";
import { matMul } from "./mat-mul.ts";
import { max } from "./max.ts";
import { min } from "./min.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { pad } from "./pad.ts";
import { pow } from "./pow.ts";
import { range } from "./range.ts";
import { reciprocal } from "./reciprocal.ts";
import { reduceMax } from "./reduce-max.ts";
import { reduceMean } from "./reduce-mean.ts";
import { reduceMin } from "./reduce-min.ts";
import { reduceSum } from "./reduce-sum.ts";
import { relu } from "./relu.ts";
import { reshape } from "./reshape.ts";
import type { GradientRule, ZeroGradient } from "./rule.ts";
import { sigmoid } from "./sigmoid.ts";
import { sin } from "./sin.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { split } from "./split.ts";
import { sqrt } from "./sqrt.ts";
import { squeeze } from "./squeeze.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { tanh } from "./tanh.ts";
import { tile } from "./tile.ts";
import { transpose } from "./transpose.ts";
import { unsqueeze } from "./unsqueeze.ts";
import { where } from "./where.ts";

/** Standard operators through which gradients flow. */
// prettier-ignore
export type DifferentiableOp =
  | "Abs" | "Add" | "Cast" | "Clip" | "Concat" | "Cos" | "Div" | "Dropout" | "Erf" | "Exp" | "Expand" | "Flatten" | "Gather"
  | "GatherElements" | "Gelu" | "Gemm" | "Identity" | "LayerNormalization" | "Log" | "LogSoftmax" | "MatMul" | "Max" | "Min" | "Mul"
  | "Neg" | "Pad" | "Pow" | "Range" | "Reciprocal" | "ReduceMax" | "ReduceMean" | "ReduceMin" | "ReduceSum" | "Relu" | "Reshape"
  | "Sigmoid" | "Sin" | "Slice" | "Softmax" | "Split" | "Sqrt" | "Squeeze" | "Sub" | "Sum" | "Tanh" | "Tile" | "Transpose" | "Unsqueeze"
  | "Where"

/** Standard operators whose derivative is zero wherever it exists. */
// prettier-ignore
export type NonDifferentiableOp =
  | "And" | "ArgMax" | "ArgMin" | "Ceil" | "Constant" | "ConstantOfShape" | "Equal" | "Floor" | "Greater" | "GreaterOrEqual"
  | "IsInf" | "IsNaN" | "Less" | "LessOrEqual" | "NonZero" | "Not" | "Or" | "Round" | "Shape" | "Sign" | "Size" | "Xor"

export type RuleTable = Record<DifferentiableOp, GradientRule> & Record<NonDifferentiableOp, ZeroGradient>;

const truth: ZeroGradient = { zero: "its result is a truth value" };
const index: ZeroGradient = { zero: "its result is an index" };
const size: ZeroGradient = { zero: "sizes do not change with the values" };
const step: ZeroGradient = { zero: "its result is constant between the steps" };
const source: ZeroGradient = { zero: "it reads no float value" };

export const gradientRules = {
  Abs: abs,
  Add: add,
  And: truth,
  ArgMax: index,
  ArgMin: index,
  Cast: cast,
  Ceil: step,
  Clip: clip,
  Concat: concat,
  Constant: source,
  ConstantOfShape: source,
  Cos: cos,
  Div: div,
  Dropout: dropout,
  Equal: truth,
  Erf: erf,
  Exp: exp,
  Expand: expand,
  Flatten: flatten,
  Floor: step,
  Gather: gather,
  GatherElements: gatherElements,
  Gelu: gelu,
  Gemm: gemm,
  Greater: truth,
  GreaterOrEqual: truth,
  Identity: identity,
  IsInf: truth,
  IsNaN: truth,
  LayerNormalization: layerNormalization,
  Less: truth,
  LessOrEqual: truth,
  Log: log,
  LogSoftmax: logSoftmax,
  MatMul: matMul,
  Max: max,
  Min: min,
  Mul: mul,
  Neg: neg,
  NonZero: index,
  Not: truth,
  Or: truth,
  Pad: pad,
  Pow: pow,
  Range: range,
  Reciprocal: reciprocal,
  ReduceMax: reduceMax,
  ReduceMean: reduceMean,
  ReduceMin: reduceMin,
  ReduceSum: reduceSum,
  Relu: relu,
  Reshape: reshape,
  Round: step,
  Shape: size,
  Sigmoid: sigmoid,
  Sign: step,
  Sin: sin,
  Size: size,
  Slice: slice,
  Softmax: softmax,
  Split: split,
  Sqrt: sqrt,
  Squeeze: squeeze,
  Sub: sub,
  Sum: sum,
  Tanh: tanh,
  Tile: tile,
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Where: where,
  Xor: truth,
} satisfies RuleTable;
