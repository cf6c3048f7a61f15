import type { DifferentiableOp } from "../../../../kernels/onnx/index.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { absent, fedInts, fedSizes, flag, floatConstant, ints, mask, positive, scalar, x } from "./rule-case.ts";
import { scatterCases } from "./rule-cases-scatter.ts";
import { visionCases } from "./rule-cases-vision.ts";
import type { Resize, RuleCase, RuleInput } from "./rule-case.ts";

const FAR = 2 ** 31 - 1;
const KEEP: Resize[] = [{ 2: 3, 3: 5 }, { 2: 1 }];

/** One operand, a matrix and a scalar. */
const unary = (
  op: DifferentiableOp,
  make: (...dims: number[]) => RuleInput = x,
  extra: Partial<RuleCase> = {},
): RuleCase[] => [[2, 3], []].map((dims) => ({ op, title: `of [${dims}]`, inputs: [make(...dims)], ...extra }));

/** Two operands in every form of broadcasting. */
const binary = (op: DifferentiableOp, make: (...dims: number[]) => RuleInput = x): RuleCase[] =>
  [
    [[2, 3], [2, 3]],
    [[2, 3], [3]],
    [[3], [4, 2, 3]],
    [[2, 1, 3], [4, 1]],
    [[1, 3], [2, 1]],
    [[2, 3], []],
    [[], []],
  ].map(([a, b]) => ({ op, title: `of [${a}] and [${b}]`, inputs: [make(...a), make(...b)] })); // prettier-ignore

const reduction = (op: DifferentiableOp): RuleCase[] => [
  { op, title: "over everything, sizes kept", inputs: [x(2, 3)] },
  { op, title: "over everything, to a scalar", inputs: [x(2, 3, 4)], attributes: { keepdims: 0 } },
  ...[1, 0].flatMap((keepdims): RuleCase[] =>
    [[-1], [0], [0, 2], [1, -1]].map((axes): RuleCase => {
      const title = `over axes ${axes}, keepdims ${keepdims}`;
      return op === "ReduceSum"
        ? { op, title, inputs: [x(2, 3, 4), ints(axes)], attributes: { keepdims } }
        : { op, title, inputs: [x(2, 3, 4)], attributes: { axes, keepdims } };
    }),
  ),
  { op, title: "over axes from an input", inputs: [x(2, 3, 4), ints([0, -1])], attributes: { keepdims: 0 }, opset: 18 },
  {
    op,
    title: "over axes known at run time only",
    inputs: [x(2, 3, 4), fedInts([1])],
    attributes: { keepdims: 0 },
    opset: 18,
  },
  { op, title: "over no axes", inputs: [x(2, 3)], attributes: { noop_with_empty_axes: 1 }, opset: 18 },
];

/** Reductions that transform each element too: what they do without axes is not the identity. */
const nonzeroReduction = (op: DifferentiableOp, make: (...dims: number[]) => RuleInput = x): RuleCase[] =>
  reduction(op)
    .filter(({ title }) => title !== "over no axes")
    .map((test) => ({
      ...test,
      inputs: test.inputs.map((input) => (input.kind === "float" ? make(...input.dims) : input)),
    }));

const matMul = (...pairs: [number[], number[]][]): RuleCase[] =>
  pairs.map(([a, b]) => ({ op: "MatMul", title: `of [${a}] and [${b}]`, inputs: [x(...a), x(...b)] }));

const gemm: RuleCase[] = [0, 1].flatMap((transA) =>
  [0, 1].flatMap((transB) =>
    [undefined, [4], [1], [2, 1], [2, 4], [1, 4]].map((c): RuleCase => {
      const inputs = [x(...(transA ? [3, 2] : [2, 3])), x(...(transB ? [4, 3] : [3, 4])), ...(c ? [x(...c)] : [])];
      return {
        op: "Gemm",
        title: `transA ${transA}, transB ${transB}, C [${c ?? "none"}]`,
        inputs,
        attributes: { transA, transB, alpha: { float: 0.5 }, beta: { float: 0.25 } },
      };
    }),
  ),
);

const slice = (title: string, inputs: RuleInput[], extra: Partial<RuleCase> = {}): RuleCase => ({
  op: "Slice",
  title,
  inputs,
  resizes: KEEP,
  ...extra,
});
const gather = (title: string, dims: number[], index: RuleInput, axis: number): RuleCase => ({
  op: "Gather",
  title,
  inputs: [x(...dims), index],
  attributes: { axis },
  resizes: [
    { 2: 3, 3: 5 },
    { 2: 4, 3: 7 },
  ],
});

/** A table of uneven numbers that the graph knows. */
const table = (rows: number, columns: number, phase: number): RuleInput => ({
  kind: "constant",
  tensor: float32(Array.from({ length: rows * columns }, (_, i) => Math.cos(1.7 * i + phase)), [rows, columns]), // prettier-ignore
});

/** Every form of every rule that is checked against central differences. */
export const ruleCases: RuleCase[] = [
  ...scatterCases,
  ...visionCases,
  ...unary("Abs"),
  ...binary("Add"),
  ...unary("Cast", x, { attributes: { to: 11 } }),
  {
    op: "Cast",
    title: "to float32 and back to the input's own type",
    inputs: [x(2, 3)],
    attributes: { to: 1 },
    type: "float32",
  },
  { op: "Clip", title: "between two bounds", inputs: [x(2, 3), scalar(-0.4), scalar(0.6)] },
  { op: "Clip", title: "from below", inputs: [x(2, 3), scalar(-0.4)] },
  { op: "Clip", title: "from above", inputs: [x(2, 3), absent, scalar(0.6)] },
  { op: "Clip", title: "without bounds", inputs: [x(2, 3)] },
  { op: "Concat", title: "of three along axis 0", inputs: [x(2, 3), x(4, 3), x(1, 3)], attributes: { axis: 0 } },
  { op: "Concat", title: "along the last axis", inputs: [x(2, 3), x(2, 4)], attributes: { axis: -1 } },
  { op: "Concat", title: "with an empty cache", inputs: [x(2, 0, 3), x(2, 4, 3)], attributes: { axis: 1 } },
  { op: "Concat", title: "of one", inputs: [x(2, 3)], attributes: { axis: 1 } },
  ...unary("Celu", x, { type: "float32", attributes: { alpha: { float: 1.3 } } }),
  ...unary("Cos"),
  ...binary("Div", positive),
  { op: "Dropout", title: "in inference", inputs: [x(2, 3)] },
  {
    op: "Dropout",
    title: "with a mask and training switched off",
    inputs: [x(2, 3), floatConstant("float32", 0.5), flag(false)],
  },
  ...unary("Elu", x, { type: "float32", attributes: { alpha: { float: 0.7 } } }),
  ...unary("Erf", x, { type: "float32" }),
  ...unary("Exp"),
  { op: "Expand", title: "of an axis of size 1", inputs: [x(1, 3), fedSizes(2, 3)] },
  { op: "Expand", title: "to more axes", inputs: [x(3, 1), fedSizes(2, 4, 3, 4)] },
  { op: "Expand", title: "to the same shape", inputs: [x(2, 3), fedSizes(2, 3)] },
  { op: "Expand", title: "to a shape with ones", inputs: [x(2, 1, 3), ints([1, 4, 1])] },
  { op: "Flatten", title: "at axis 0", inputs: [x(2, 3)], attributes: { axis: 0 } },
  { op: "Flatten", title: "at axis 2", inputs: [x(2, 3, 4)], attributes: { axis: 2 } },
  { op: "Flatten", title: "at the last axis", inputs: [x(2, 3, 4)], attributes: { axis: -1 } },
  gather("rows, some of them twice", [3, 2], ints([0, 2, 0]), 0),
  gather("rows by a matrix of ids", [3, 2], fedInts([0, 2, 1, 1, 1, 0], [2, 3]), 0),
  gather("one row", [3, 2], ints([1], []), 0),
  gather("from the end", [3, 2], ints([-1, 0, -1]), 0),
  gather("columns", [2, 3], ints([2, 2, 0]), 1),
  gather("columns by a matrix", [2, 3, 2], fedInts([2, 0, 1, 1], [2, 2]), 1),
  gather("one column", [2, 3, 2], ints([1], []), 1),
  gather("the last axis, 32-bit index", [2, 3], ints([1, 1], [2], "int32"), -1),
  {
    op: "GatherElements",
    title: "along axis 0",
    inputs: [x(3, 2), ints([0, 2, 0, 1], [2, 2])],
    attributes: { axis: 0 },
    resizes: [{ 3: 5 }],
  },
  {
    op: "GatherElements",
    title: "along the last axis, repeated",
    inputs: [x(2, 3), fedInts([1, 1, 2, -1], [2, 2])],
    attributes: { axis: -1 },
    resizes: [{ 3: 5 }],
  },
  ...unary("Gelu", x, { type: "float32", opset: 20 }),
  ...unary("Gelu", x, { type: "float32", opset: 20, attributes: { approximate: "tanh" } }),
  ...gemm,
  ...unary("Identity"),
  { op: "LayerNormalization", title: "over the last axis", inputs: [x(2, 4, 3), x(3), x(3)] },
  {
    op: "LayerNormalization",
    title: "over two axes",
    inputs: [x(2, 4, 3), x(4, 3), x(4, 3)],
    attributes: { axis: 1, epsilon: { float: 0.01 } },
  },
  // The statistics of float64 values are float32: their gradients are compared in float32.
  {
    op: "LayerNormalization",
    title: "with mean and inverse deviation",
    inputs: [x(2, 4, 3), x(3), x(3)],
    outputs: 3,
    type: "float32",
  },
  {
    op: "LayerNormalization",
    title: "of which the statistics alone are used",
    inputs: [x(2, 4, 3), { kind: "constant", tensor: { type: "float32", dims: [3], data: Float32Array.of(1, 2, 3) } }],
    outputs: 3,
    used: [1, 2],
    type: "float32",
    resizes: [{ 2: 3, 4: 2 }, { 2: 1 }],
  },
  { op: "LayerNormalization", title: "without bias", inputs: [x(4, 3), x(3)] },
  { op: "LayerNormalization", title: "with a broadcast scale", inputs: [x(2, 4, 3), x(4, 3), x(3)], opset: 18 },
  ...unary("LeakyRelu", x, { attributes: { alpha: { float: 0.2 } } }),
  ...unary("Log", positive),
  ...[-1, 0, 1].map((axis): RuleCase => ({
    op: "LogSoftmax",
    title: `along axis ${axis}`,
    inputs: [x(2, 3, 4)],
    attributes: { axis },
  })),
  ...matMul([[2, 3], [3, 4]], [[2, 3, 4], [4, 3]], [[2, 3, 4], [2, 4, 3]], [[3, 2, 4], [2, 1, 4, 3]], [[2, 1, 2, 3], [4, 3, 2]], [[2, 3], [2, 3, 4]],
    [[3], [3, 4]], [[2, 3], [3]], [[3], [3]], [[4, 2, 3], [3]], [[3], [2, 3, 4]], [[3], [2, 4, 3, 2]], [[2, 4, 2, 3], [3]]), // prettier-ignore
  ...binary("Max"),
  { op: "Max", title: "of three", inputs: [x(2, 3), x(3), x(2, 1)] },
  { op: "Max", title: "of one", inputs: [x(2, 3)] },
  ...binary("Min"),
  { op: "Min", title: "of three", inputs: [x(2, 3), x(3), x(2, 1)] },
  ...unary("Mish", x, { opset: 18 }),
  ...binary("Mul"),
  ...unary("Neg"),
  { op: "Pad", title: "on all sides", inputs: [x(2, 3), ints([1, 0, 2, 1])] },
  { op: "Pad", title: "with a value", inputs: [x(2, 3), fedInts([1, 0, 2, 1]), scalar(0.7)] },
  {
    op: "Pad",
    title: "by negative amounts, which crop",
    inputs: [x(4, 3), ints([-1, 1, 0, -1])],
    resizes: [{ 3: 5 }, { 4: 6 }],
  },
  { op: "Pad", title: "of chosen axes", inputs: [x(2, 3), ints([2, 1]), absent, ints([-1])], opset: 18 },
  ...binary("Pow", positive),
  ...[2, 3, 0.5, 1.7, -1].map((p): RuleCase => ({
    op: "Pow",
    title: `to the constant ${p}`,
    inputs: [positive(2, 3), floatConstant("float32", p)],
  })),
  { op: "Pow", title: "of negative values to the constant 2", inputs: [x(2, 3), floatConstant("float32", 2)] },
  { op: "Pow", title: "to an integer", inputs: [x(2, 3), ints([3], [])] },
  { op: "Pow", title: "to an integer known at run time only", inputs: [x(2, 3), fedInts([2], [])] },
  { op: "Range", title: "of five", inputs: [scalar(0.1), scalar(2.35), scalar(0.5)] },
  ...unary("Reciprocal", positive),
  {
    op: "RMSNormalization",
    title: "over the last axis",
    inputs: [x(2, 4, 3), x(3)],
    attributes: { epsilon: { float: 0.01 } },
    opset: 23,
  },
  { op: "RMSNormalization", title: "over two axes", inputs: [x(2, 4, 3), x(4, 3)], attributes: { axis: 1 }, opset: 23 },
  ...nonzeroReduction("ReduceL1"),
  ...nonzeroReduction("ReduceL2"),
  ...nonzeroReduction("ReduceLogSum", positive),
  ...nonzeroReduction("ReduceLogSumExp"),
  ...reduction("ReduceMax"),
  ...reduction("ReduceMean"),
  ...reduction("ReduceMin"),
  ...nonzeroReduction("ReduceProd"),
  ...reduction("ReduceSum"),
  ...nonzeroReduction("ReduceSumSquare"),
  ...unary("Relu"),
  { op: "Reshape", title: "to a vector", inputs: [x(2, 3), ints([-1])] },
  { op: "Reshape", title: "with a copied size", inputs: [x(2, 3, 4), ints([0, -1])] },
  {
    op: "Reshape",
    title: "of an empty cache",
    inputs: [x(3, 0), ints([0, 3])],
    attributes: { allowzero: 1 },
    resizes: [],
  },
  ...[0, 1].flatMap((interleaved): RuleCase[] => [
    {
      op: "RotaryEmbedding",
      title: `of four axes, interleaved ${interleaved}`,
      inputs: [x(2, 2, 3, 4), table(5, 2, 0.3), table(5, 2, 1.2), ints([0, 1, 2, 4, 3, 1], [2, 3])],
      attributes: { interleaved },
      opset: 23,
      type: "float32",
      resizes: [],
    },
    {
      op: "RotaryEmbedding",
      title: `of part of each head, interleaved ${interleaved}`,
      inputs: [x(2, 3, 12), table(5, 2, 0.3), table(5, 2, 1.2), ints([0, 1, 2, 4, 3, 1], [2, 3])],
      attributes: { interleaved, num_heads: 2, rotary_embedding_dim: 4 },
      opset: 23,
      type: "float32",
      resizes: [],
    },
  ]),
  ...unary("Selu", x, { type: "float32" }),
  ...unary("Sigmoid"),
  ...unary("Sin"),
  slice("from a position to the end", [x(3, 2), ints([1]), ints([FAR])]),
  slice("from the end of an axis whose size varies", [x(2, 3), ints([-2]), ints([FAR]), ints([1])]),
  slice("to a position before the end", [x(2, 3), ints([0]), ints([-1]), ints([-1])]),
  slice("of two axes", [x(4, 3, 2), ints([1, -2]), ints([3, FAR]), ints([0, 1])]),
  slice("with axes in another order", [x(4, 3, 2), ints([-2, 1]), ints([FAR, 3]), ints([1, 0])]),
  slice("with bounds beyond the axis", [x(2, 3), ints([-100]), ints([100]), ints([1])]),
  slice("that is empty", [x(2, 3), ints([2]), ints([1]), ints([1])]),
  slice("with bounds known at run time only", [x(2, 3), fedInts([-2]), fedInts([FAR]), ints([1])]),
  slice("with 32-bit bounds", [x(2, 3), ints([1], [1], "int32"), ints([3], [1], "int32"), ints([1], [1], "int32")]),
  slice("with step 2", [x(3, 4), ints([0]), ints([FAR]), ints([0]), ints([2])]),
  slice("with step 2 from the end", [x(2, 3), ints([-3]), ints([FAR]), ints([1]), ints([2])]),
  slice("backwards", [x(2, 3), ints([-1]), ints([-FAR]), ints([1]), ints([-1])]),
  slice("with different steps on two axes", [x(3, 4), ints([0, -1]), ints([FAR, -FAR]), ints([0, 1]), ints([2, -3])]),
  slice("with steps known at run time only", [x(3, 4), ints([0]), ints([FAR]), ints([1]), fedInts([3])]),
  ...[-1, 0, 1].map((axis): RuleCase => ({
    op: "Softmax",
    title: `along axis ${axis}`,
    inputs: [x(2, 3, 4)],
    attributes: { axis },
  })),
  { op: "Softmax", title: "along the default axis", inputs: [x(2, 3)] },
  { op: "Split", title: "in equal parts", inputs: [x(4, 3)], outputs: 2, resizes: [{ 3: 5 }, { 4: 6 }] },
  {
    op: "Split",
    title: "in given parts along the last axis",
    inputs: [x(2, 3), ints([1, 2])],
    attributes: { axis: -1 },
    outputs: 2,
    resizes: [{ 2: 5 }],
  },
  {
    op: "Split",
    title: "of which the loss needs one part",
    inputs: [x(2, 4)],
    attributes: { axis: 1 },
    outputs: 2,
    used: [1],
    resizes: [{ 2: 5 }, { 4: 6 }],
  },
  {
    op: "Split",
    title: "by number",
    inputs: [x(4, 3)],
    attributes: { num_outputs: 2 },
    outputs: 2,
    opset: 18,
    resizes: [{ 3: 5 }],
  },
  ...unary("Softplus", x, { type: "float32" }),
  ...unary("Softsign", x, { type: "float32" }),
  ...unary("Sqrt", positive),
  { op: "Squeeze", title: "of one axis", inputs: [x(2, 1, 3), ints([1])] },
  { op: "Squeeze", title: "of all", inputs: [x(1, 3, 1)] },
  ...binary("Sub"),
  { op: "Sum", title: "of three", inputs: [x(2, 3), x(3), x(2, 1)] },
  ...unary("Swish", x, { opset: 24, attributes: { alpha: { float: 1.3 } } }),
  ...unary("Tanh"),
  { op: "Tile", title: "of two axes", inputs: [x(2, 3), ints([2, 3])] },
  { op: "Tile", title: "as often as an input says", inputs: [x(2, 1, 3), fedInts([1, 4, 2])] },
  { op: "Transpose", title: "by default", inputs: [x(2, 3, 4)] },
  { op: "Transpose", title: "by a cycle of axes", inputs: [x(2, 3, 4)], attributes: { perm: [1, 2, 0] } },
  { op: "Unsqueeze", title: "of two axes", inputs: [x(2, 3), ints([0, -1])] },
  { op: "Where", title: "of equal shapes", inputs: [mask(2, 3), x(2, 3), x(2, 3)] },
  { op: "Where", title: "of broadcast operands", inputs: [mask(2, 1), x(3), x(4, 2, 3)] },
  { op: "Where", title: "with a scalar", inputs: [mask(2, 3), x(2, 3), scalar(-5)] },
];
