import type { AttributeValue } from "../../../../kernels/onnx/attributes.ts";
import { absent, int32s, weight, x } from "./lowering-case.ts";
import type { LoweringCase, LoweringInput, Sizes } from "./lowering-case.ts";

const float = (value: number) => ({ float: value });
const RUNS: Sizes[] = [{ b: 2, t: 3 }, { b: 1, t: 2 }, { b: 3, t: 5 }]; // prettier-ignore
const HEADS = 2;
const SIZE = 4;

const withTotals = (runs: Sizes[]): Sizes[] =>
  runs.map(({ p = 0, l, ...sizes }) => {
    const keys = l ?? sizes.t;
    return { ...sizes, p, l: keys, total: p + keys, b2: 2 * sizes.b };
  });

/** Raw masks: the first row whole, later ones shorter. */
const raw = (shape: readonly string[]) =>
  int32s([...shape], (sizes) => {
    const count = shape.reduce((total, dim) => total * sizes[dim], 1);
    const rows = count / sizes.total / sizes.b;
    return Array.from({ length: count }, (_, i) =>
      i % sizes.total < Math.max(1, sizes.total - (Math.floor(i / sizes.total / rows) % 3)) ? 1 : 0,
    );
  });
const ends = int32s(["b"], (s) => Array.from({ length: s.b }, (_, row) => Math.max(1, s.total - (row % 3))));
const endsAndStarts = int32s(["b2"], (s) =>
  Array.from({ length: 2 * s.b }, (_, i) => (i < s.b ? Math.max(2, s.total - (i % 2)) : i % 2)),
);

interface Form {
  title: string;
  extra?: Record<number, LoweringInput>;
  attributes?: Record<string, AttributeValue>;
  outputs?: boolean[];
  runs?: Sizes[];
  valueSize?: number;
}

const PASTS: Sizes[] = [{ b: 2, t: 3, p: 2 }, { b: 1, t: 1, p: 4 }, { b: 3, t: 2, p: 0 }]; // prettier-ignore

function multiHead({ title, extra = {}, attributes, outputs, runs = RUNS, valueSize = SIZE }: Form): LoweringCase {
  const inputs: LoweringInput[] = [
    x("b", "t", HEADS * SIZE),
    x("b", "l", HEADS * SIZE),
    x("b", "l", HEADS * valueSize),
  ];
  for (const [i, input] of Object.entries(extra)) inputs[Number(i)] = input;
  return {
    op: "MultiHeadAttention",
    title,
    inputs: Array.from(inputs, (input) => input ?? absent),
    attributes: { num_heads: HEADS, ...attributes },
    outputs,
    runs: withTotals(runs),
  };
}

const CROSS: Sizes[] = [{ b: 2, t: 3, l: 4 }, { b: 1, t: 1, l: 5 }, { b: 3, t: 2, l: 2 }]; // prettier-ignore
const cache = { 6: x("b", HEADS, "p", SIZE), 7: x("b", HEADS, "p", SIZE) };
const ALL = [true, true, true];

const multiHeadForms: Form[] = [
  { title: "three inputs" },
  { title: "given scale", attributes: { scale: float(0.9) } },
  { title: "wider values", valueSize: 6 },
  { title: "other keys than queries", runs: CROSS },
  { title: "bias", extra: { 3: weight([3 * HEADS * SIZE], 71) } },
  { title: "bias, wider values", valueSize: 6, extra: { 3: weight([HEADS * (2 * SIZE + 6)], 71) } },
  { title: "causal", attributes: { unidirectional: 1 } },
  { title: "key padding", extra: { 4: raw(["b", "total"]) } },
  {
    title: "key padding, other filter",
    extra: { 4: raw(["b", "total"]) },
    attributes: { mask_filter_value: float(-2) },
  },
  { title: "key padding a query", extra: { 4: raw(["b", "t", "total"]) } },
  { title: "attention bias", extra: { 5: x("b", HEADS, "t", "total") } },
  { title: "attention bias shared by rows and heads", extra: { 5: x(1, 1, "t", "total") } },
  { title: "cache", extra: cache, outputs: ALL, runs: PASTS },
  { title: "cache, causal, key padding", extra: { ...cache, 4: raw(["b", "total"]) }, outputs: ALL, runs: PASTS, attributes: { unidirectional: 1 } }, // prettier-ignore
  {
    title: "keys and values by heads",
    runs: CROSS,
    extra: { 1: x("b", HEADS, "l", SIZE), 2: x("b", HEADS, "l", SIZE) },
  },
];

function packedAttention({ title, extra = {}, attributes, outputs, runs = RUNS }: Form): LoweringCase {
  const inputs: LoweringInput[] = [x("b", "t", 5), weight([5, 3 * HEADS * SIZE], 81), weight([3 * HEADS * SIZE], 82)];
  for (const [i, input] of Object.entries(extra)) inputs[Number(i)] = input;
  return {
    op: "Attention",
    title,
    inputs: Array.from(inputs, (input) => input ?? absent),
    attributes: { num_heads: HEADS, ...attributes },
    outputs,
    runs: withTotals(runs),
  };
}

const past = { 4: x(2, "b", HEADS, "p", SIZE) };
const attentionForms: Form[] = [
  { title: "plain" },
  { title: "given scale", attributes: { scale: float(0.3) } },
  { title: "causal", attributes: { unidirectional: 1 } },
  {
    title: "wider values",
    extra: { 1: weight([5, 28], 81), 2: weight([28], 82) },
    attributes: { qkv_hidden_sizes: [8, 8, 12] },
  },
  { title: "mask of keys", extra: { 3: raw(["b", "total"]) } },
  {
    title: "mask of keys, other filter",
    extra: { 3: raw(["b", "total"]) },
    attributes: { mask_filter_value: float(-3) },
  },
  { title: "mask a query", extra: { 3: raw(["b", "t", "total"]) } },
  { title: "ends of rows", extra: { 3: ends } },
  { title: "ends and starts of rows", extra: { 3: endsAndStarts } },
  { title: "causal, mask of keys", extra: { 3: raw(["b", "total"]) }, attributes: { unidirectional: 1 } },
  { title: "attention bias", extra: { 5: x("b", HEADS, "t", "total") } },
  { title: "cache", extra: past, outputs: [true, true], runs: PASTS },
  { title: "cache, causal, mask of keys", extra: { ...past, 3: raw(["b", "total"]) }, outputs: [true, true], runs: PASTS, attributes: { unidirectional: 1 } }, // prettier-ignore
];

export const attentionCases: LoweringCase[] = [
  ...multiHeadForms.map(multiHead),
  ...attentionForms.map(packedAttention),
];
