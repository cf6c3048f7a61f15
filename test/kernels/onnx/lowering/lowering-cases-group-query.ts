import type { AttributeValue } from "../../../../kernels/onnx/attributes.ts";
import { absent, int32s, int64s, weight, x } from "./lowering-case.ts";
import type { LoweringCase, LoweringInput, Sizes } from "./lowering-case.ts";

const float = (value: number) => ({ float: value });

interface Form {
  title: string;
  heads?: number;
  kvHeads?: number;
  /** Values of a head. Default 16: the kernel rotates multiples of 16 alone. */
  size?: number;
  packed?: boolean;
  attributes?: Record<string, AttributeValue>;
  rotary?: number;
  /** Tokens that each row of a prompt leaves empty at its end. */
  padding?: (batch: number) => number;
  bias?: boolean;
  sink?: boolean;
  positions?: boolean;
  present?: boolean;
}

const PROMPTS: Sizes[] = [{ b: 2, t: 5, p: 0 }, { b: 1, t: 3, p: 0 }, { b: 3, t: 6, p: 0 }]; // prettier-ignore
// A prompt is traced, then one token each on caches, and several tokens on a cache, which the operator has for one row alone.
const CACHED: Sizes[] = [...PROMPTS, { b: 3, t: 1, p: 4 }, { b: 1, t: 3, p: 4 }];
// Every row of the batch has filled its cache differently far.
const RAGGED = (batch: number) => batch % 3;

// For a prompt the CPU kernel reads the first position alone and counts on from it; elsewhere each token's own.
const givenPositions = ({ b, t, p }: Sizes) =>
  Array.from({ length: b * t }, (_, i) => (p === 0 ? 2 + (i % t) : (5 * i + 3) % 16));

function groupQuery(form: Form, cached: boolean): LoweringCase {
  const { heads = 4, kvHeads = 2, size = 16, packed, rotary, padding, bias, sink } = form;
  const unused = (row: number) => padding?.(row) ?? 0;
  const cache = (): LoweringInput => (cached ? x("b", kvHeads, "p", size) : absent);
  const table = (seed: number): LoweringInput => (rotary ? weight([16, rotary / 2], seed) : absent);
  const inputs: LoweringInput[] = [
    x("b", "t", (packed ? heads + 2 * kvHeads : heads) * size),
    packed ? absent : x("b", "t", kvHeads * size),
    packed ? absent : x("b", "t", kvHeads * size),
    cache(),
    cache(),
    int32s(["b"], (sizes) => Array.from({ length: sizes.b }, (_, row) => sizes.p + sizes.t - 1 - unused(row))),
    int32s([], (sizes) => [sizes.p + sizes.t]),
    table(61),
    table(62),
    form.positions ? int64s(["b", "t"], givenPositions) : absent,
    bias ? x(1, heads, "t", "total") : absent,
    sink ? weight([heads], 63) : absent,
  ];
  while (inputs[inputs.length - 1].kind === "absent") inputs.pop();
  const runs = cached ? CACHED : PROMPTS;
  return {
    op: "GroupQueryAttention",
    title: `${form.title}${cached ? ", with a cache" : ""}`,
    inputs,
    attributes: {
      num_heads: heads,
      kv_num_heads: kvHeads,
      ...(rotary && { do_rotary: 1 }),
      ...form.attributes,
    },
    outputs: [true, true, true],
    runs: runs.map((sizes) => ({ ...sizes, total: sizes.p + sizes.t })),
    specified: (sizes, batch, token) => sizes.t === 1 || token < sizes.t - unused(batch),
  };
}

const forms: Form[] = [
  { title: "two queries a key" },
  { title: "a key each", heads: 3, kvHeads: 3 },
  { title: "one key for all", heads: 3, kvHeads: 1 },
  { title: "packed", packed: true },
  { title: "given scale", attributes: { scale: float(0.7) } },
  { title: "capped scores", attributes: { softcap: float(1.5) } },
  { title: "window of 3", attributes: { local_window_size: 3 } },
  { title: "window of 1", attributes: { local_window_size: 1 } },
  { title: "rotated halves", rotary: 16 },
  { title: "rotated neighbours", rotary: 16, attributes: { rotary_interleaved: 1 } },
  { title: "packed, rotated neighbours", rotary: 16, packed: true, attributes: { rotary_interleaved: 1 } },
  { title: "rotated half of each head", rotary: 16, size: 32 },
  { title: "padded rows", padding: RAGGED },
  { title: "padded rows, rotated, window of 2", padding: RAGGED, rotary: 16, attributes: { local_window_size: 2 } },
  { title: "added bias", bias: true },
  { title: "added bias, capped scores", bias: true, attributes: { softcap: float(1.5) } },
  { title: "smooth softmax", attributes: { smooth_softmax: 1 } },
  { title: "a sink a head", sink: true },
  {
    title: "packed, rotated, window, cap and scale together",
    packed: true,
    rotary: 16,
    padding: RAGGED,
    attributes: { local_window_size: 3, softcap: float(2), scale: float(0.4) },
  },
];

export const groupQueryCases: LoweringCase[] = [
  ...forms.flatMap((form) => [groupQuery(form, false), groupQuery(form, true)]),
  groupQuery({ title: "given positions, rotated", rotary: 16, positions: true }, true),
];
