import { absent, floatConstant, ints, positive, scalar, x } from "./rule-case.ts";
import type { Resize, RuleCase } from "./rule-case.ts";

/** Two other batch and image sizes; channels (4, 6, 8) and kernels (1, 3) stay. */
const IMAGES: Resize[] = [
  { 2: 3, 5: 8, 7: 5, 9: 12 },
  { 2: 1, 7: 10 },
];
// ONNX Runtime's convolutions have no float64 kernel.
const single = { type: "float32", resizes: IMAGES } as const;

const conv = (title: string, dims: number[], weight: number[], attributes: RuleCase["attributes"] = {}): RuleCase => ({
  op: "Conv",
  title,
  inputs: [x(...dims), x(...weight), x(weight[0])],
  attributes,
  ...single,
});
const transposed = (
  title: string,
  dims: number[],
  weight: number[],
  attributes: RuleCase["attributes"] = {},
): RuleCase => ({
  op: "ConvTranspose",
  title,
  inputs: [x(...dims), x(...weight)],
  attributes,
  ...single,
});
const averagePool = (title: string, attributes: RuleCase["attributes"], extra: Partial<RuleCase> = {}): RuleCase => ({
  op: "AveragePool",
  title,
  inputs: [x(2, 4, 7, 5)],
  attributes: { kernel_shape: [3, 2], ...attributes },
  ...single,
  ...extra,
});
const maxPool = (title: string, attributes: RuleCase["attributes"]): RuleCase => ({
  op: "MaxPool",
  title,
  inputs: [x(2, 4, 7, 5)],
  attributes: { kernel_shape: [3, 2], ...attributes },
  resizes: IMAGES,
});
const resize = (title: string, attributes: RuleCase["attributes"], extra: Partial<RuleCase> = {}): RuleCase => ({
  op: "Resize",
  title,
  inputs: [x(2, 4, 5, 7), absent, { kind: "constant", tensor: scales(1, 1, 1.6, 0.6) }],
  attributes,
  ...single,
  ...extra,
});
const scales = (...values: number[]) =>
  ({ type: "float32", dims: [values.length], data: Float32Array.from(values) }) as const;

/** Convolution, pooling, resizing and the normalisations of image models. */
export const visionCases: RuleCase[] = [
  conv("of one axis", [2, 4, 7], [6, 4, 3]),
  conv("of one axis with stride, padding and dilation", [2, 4, 9], [6, 4, 3], { strides: [2], pads: [2, 1], dilations: [2] }),
  conv("as patch embedding", [2, 4, 9, 9], [6, 4, 3, 3], { strides: [3, 3] }),
  conv("as patch embedding of an image that patches do not fill", [2, 4, 7, 5], [6, 4, 3, 3], { strides: [3, 3] }),
  conv("with uneven padding", [2, 4, 5, 7], [6, 4, 3, 3], { pads: [1, 0, 2, 1] }),
  conv("with a stride that leaves pixels over", [2, 4, 7, 9], [6, 4, 3, 3], { strides: [3, 2], pads: [1, 1, 0, 0] }),
  conv("with dilation", [2, 4, 7, 9], [6, 4, 3, 3], { dilations: [2, 3], pads: [1, 0, 1, 2] }),
  conv("in two groups", [2, 8, 5, 7], [6, 4, 3, 3], { group: 2, strides: [2, 1], pads: [1, 1, 1, 1] }),
  conv("depthwise", [2, 4, 5, 7], [4, 1, 3, 3], { group: 4 }),
  conv("padded automatically, more behind", [2, 4, 7, 9], [6, 4, 3, 3], { auto_pad: "SAME_UPPER", strides: [2, 2] }),
  conv("padded automatically, more in front", [2, 4, 7, 9], [6, 4, 3, 3], { auto_pad: "SAME_LOWER", strides: [2, 2] }),
  conv("without padding, so named", [2, 4, 7, 5], [6, 4, 3, 3], { auto_pad: "VALID" }),
  { op: "Conv", title: "without bias", inputs: [x(2, 4, 5), x(6, 4, 3)], ...single },
  transposed("with stride and output padding", [2, 4, 5, 7], [4, 6, 3, 3], { strides: [2, 3], output_padding: [1, 2] }),
  transposed("with padding and dilation", [2, 4, 5, 7], [4, 6, 3, 3], { pads: [1, 2, 0, 1], dilations: [1, 2] }),
  transposed("in two groups", [2, 4, 5], [4, 3, 3], { group: 2, strides: [2] }),
  { op: "ConvTranspose", title: "with bias", inputs: [x(2, 4, 5), x(4, 6, 3), x(6)], ...single },
  averagePool("of windows that do not overlap", { strides: [3, 2] }),
  averagePool("of overlapping windows", { strides: [2, 1] }),
  averagePool("with padding that does not count", { strides: [2, 2], pads: [1, 0, 2, 1] }),
  averagePool("with padding that counts", { strides: [2, 2], pads: [1, 0, 2, 1], count_include_pad: 1 }),
  averagePool("with windows beyond the end", { strides: [2, 2], ceil_mode: 1 }, { opset: 19 }),
  averagePool("with dilation", { dilations: [2, 2] }, { opset: 19 }),
  averagePool("padded automatically", { strides: [2, 2], auto_pad: "SAME_UPPER" }),
  { op: "AveragePool", title: "of one axis", inputs: [x(2, 4, 7)], attributes: { kernel_shape: [2] }, ...single },
  maxPool("of windows that do not overlap", { strides: [3, 2] }),
  maxPool("of overlapping windows with padding", { strides: [1, 2], pads: [1, 0, 1, 1] }),
  maxPool("with dilation", { dilations: [2, 1] }),
  maxPool("with windows beyond the end", { strides: [2, 2], ceil_mode: 1 }),
  maxPool("padded automatically", { strides: [2, 2], auto_pad: "SAME_LOWER" }),
  { op: "GlobalAveragePool", title: "of images", inputs: [x(2, 4, 5, 7)], ...single },
  { op: "GlobalAveragePool", title: "of sequences", inputs: [x(2, 4, 5)], ...single },
  { op: "GlobalMaxPool", title: "of images", inputs: [x(2, 4, 3, 5)], type: "float32", resizes: [{ 2: 3, 3: 5 }] },
  { op: "BatchNormalization", title: "of images", inputs: [x(2, 4, 5, 7), x(4), x(4), x(4), positive(4)], resizes: IMAGES },
  { op: "BatchNormalization", title: "of vectors", inputs: [x(2, 4), x(4), x(4), x(4), positive(4)], attributes: { epsilon: { float: 0.1 } }, resizes: IMAGES },
  { op: "InstanceNormalization", title: "of images", inputs: [x(2, 4, 3, 5), x(4), x(4)], type: "float32", resizes: [{ 2: 3, 3: 4 }] },
  { op: "GroupNormalization", title: "with a scale for every group", inputs: [x(2, 6, 3, 5), x(3), x(3)], attributes: { num_groups: 3 }, opset: 18, resizes: [{ 2: 3, 5: 4 }] },
  { op: "GroupNormalization", title: "with a scale for every channel", inputs: [x(2, 6, 3), x(6), x(6)], attributes: { num_groups: 2, epsilon: { float: 0.01 } }, opset: 21,
    // Its definition computes in float32 whatever the input.
    type: "float32", resizes: [{ 2: 3, 3: 5 }] },
  { op: "DepthToSpace", title: "block first", inputs: [x(2, 8, 3, 5)], attributes: { blocksize: 2 }, resizes: [{ 2: 3, 3: 2, 5: 4 }] },
  { op: "DepthToSpace", title: "channel first", inputs: [x(2, 8, 3, 5)], attributes: { blocksize: 2, mode: "CRD" }, resizes: [{ 2: 3, 3: 2, 5: 4 }] },
  { op: "SpaceToDepth", title: "of images", inputs: [x(2, 3, 4, 6)], attributes: { blocksize: 2 }, resizes: [{ 2: 3, 4: 2 }] },
  resize("nearest", { mode: "nearest" }),
  resize("nearest, rounded down, from the corner", { mode: "nearest", nearest_mode: "floor", coordinate_transformation_mode: "asymmetric" }),
  resize("linear", { mode: "linear" }),
  resize("linear, corners aligned", { mode: "linear", coordinate_transformation_mode: "align_corners" }),
  resize("cubic", { mode: "cubic", coordinate_transformation_mode: "pytorch_half_pixel" }),
  resize("to given sizes", { mode: "linear" }, { inputs: [x(2, 4, 5, 7), absent, absent, ints([2, 4, 3, 9])], resizes: [{ 5: 8, 7: 6 }] }),
  resize("of chosen axes", { mode: "nearest", axes: [3] }, { inputs: [x(2, 4, 5, 7), absent, { kind: "constant", tensor: scales(2) }], opset: 18 }),
  { op: "PRelu", title: "with a slope for every channel", inputs: [x(2, 4, 3), x(4, 1)] },
  { op: "HardSwish", title: "around its corners", inputs: [{ kind: "float", dims: [2, 3], low: -5, high: 5 }], type: "float32" },
  { op: "HardSigmoid", title: "around its corners", inputs: [{ kind: "float", dims: [2, 3], low: -5, high: 5 }], attributes: { alpha: { float: 0.3 } }, type: "float32" },
  { op: "Trilu", title: "upper", inputs: [x(2, 3, 4)] },
  { op: "Trilu", title: "lower, below the diagonal", inputs: [x(4, 3), ints([-1], [])], attributes: { upper: 0 } },
  { op: "CastLike", title: "to another float type", inputs: [x(2, 3), floatConstant("float64", 0)] },
  { op: "Mod", title: "of floats", inputs: [x(2, 3), scalar(0.7)], attributes: { fmod: 1 } },
  { op: "Mod", title: "of broadcast floats", inputs: [x(2, 1), positive(3)], attributes: { fmod: 1 } },
]; // prettier-ignore
