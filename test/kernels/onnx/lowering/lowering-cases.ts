import type { FusedOp } from "../../../../kernels/onnx/lowering/fused-op.ts";
import { attentionCases } from "./lowering-cases-attention.ts";
import { groupQueryCases } from "./lowering-cases-group-query.ts";
import { quantisedCases } from "./lowering-cases-quantised.ts";
import { absent, int64s, weight, x } from "./lowering-case.ts";
import type { LoweringCase, LoweringInput, Sizes } from "./lowering-case.ts";

const RUNS: Sizes[] = [{ b: 2, t: 3 }, { b: 1, t: 1 }, { b: 3, t: 5 }]; // prettier-ignore
const float = (value: number) => ({ float: value });
const activation = x("b", "t", 6);

const skipNorm = (op: FusedOp, plain: LoweringInput[], outputs: boolean[][]): LoweringCase[] =>
  outputs.flatMap((made) =>
    [absent, weight([6], 5)].map((bias): LoweringCase => ({
      op,
      title: `${bias.kind === "absent" ? "no bias" : "bias"}, outputs ${made.map(Number).join("")}`,
      inputs: [activation, x("b", "t", 6), ...plain, ...(bias.kind === "absent" ? [] : [bias])],
      attributes: { epsilon: float(1e-5) },
      outputs: made,
      runs: RUNS,
    })),
  );

const fusedMatMul: LoweringCase[] = [0, 1].flatMap((transA) =>
  [0, 1].flatMap((transB): LoweringCase[] => [
    {
      op: "FusedMatMul",
      title: `matrices, transA ${transA}, transB ${transB}`,
      inputs: [transA ? x(4, "t") : x("t", 4), weight(transB ? [5, 4] : [4, 5], 3)],
      attributes: { transA, transB, alpha: float(0.5) },
      runs: [{ t: 3 }, { t: 1 }],
    },
    {
      op: "FusedMatMul",
      title: `with batches, transA ${transA}, transB ${transB}`,
      inputs: [transA ? x("b", 4, "t") : x("b", "t", 4), transB ? x("b", 5, 4) : x("b", 4, 5)],
      attributes: { transA, transB },
      runs: RUNS,
    },
  ]),
);

const positions = (sizes: Sizes) => Array.from({ length: sizes.b * sizes.t }, (_, i) => (i * 5 + 1) % 11);
const rotary: LoweringCase[] = [0, 1].flatMap((interleaved) =>
  [x("b", "t", 24), x("b", 3, "t", 8)].flatMap((input, form): LoweringCase[] =>
    [int64s(["b", "t"], positions), int64s([1], () => [4])].flatMap((position, kind): LoweringCase[] =>
      [8, 4].map((size): LoweringCase => ({
        op: "RotaryEmbedding",
        title: `${form ? "by heads" : "flat"}, ${interleaved ? "neighbours" : "halves"}, ${kind ? "offset" : "positions"}, ${size} of 8 values`,
        inputs: [input, position, weight([12, size / 2], 8), weight([12, size / 2], 9)],
        attributes: { interleaved, ...(size < 8 && { rotary_embedding_dim: size, num_heads: 3 }) },
        runs: RUNS,
      })),
    ),
  ),
);

/** Every form of every lowering; compared with the fused operator forward and by finite differences. */
export const LOWERING_CASES: LoweringCase[] = [
  { op: "BiasGelu", title: "of x + bias", inputs: [activation, weight([6], 4)], runs: RUNS },
  { op: "FastGelu", title: "of x", inputs: [activation], runs: RUNS },
  { op: "FastGelu", title: "of x + bias", inputs: [activation, weight([6], 4)], runs: RUNS },
  { op: "QuickGelu", title: "default slope", inputs: [activation], runs: RUNS },
  { op: "QuickGelu", title: "slope 1", inputs: [activation], attributes: { alpha: float(1) }, runs: RUNS },
  { op: "Gelu", title: "exact", inputs: [activation], runs: RUNS },
  {
    op: "SimplifiedLayerNormalization",
    title: "last axis",
    inputs: [activation, weight([6], 4)],
    attributes: { axis: -1, epsilon: float(1e-3), stash_type: 1 },
    domain: "",
    runs: RUNS,
  },
  {
    op: "SimplifiedLayerNormalization",
    title: "last axis counted from the front, operator set 18",
    inputs: [activation, weight([6], 4)],
    attributes: { axis: 2 },
    domain: "",
    opset: 18,
    runs: RUNS,
  },
  ...skipNorm("SkipSimplifiedLayerNormalization", [weight([6], 4)], [[true], [true, false, false, true]]),
  ...skipNorm("SkipLayerNormalization", [weight([6], 4), weight([6], 6)], [[true], [true, false, false, true]]),
  {
    op: "SkipLayerNormalization",
    title: "no beta, skip shared by the batch",
    inputs: [activation, x("t", 6), weight([6], 4)],
    runs: RUNS,
  },
  ...fusedMatMul,
  ...rotary,
  ...groupQueryCases,
  ...attentionCases,
  ...quantisedCases,
];
