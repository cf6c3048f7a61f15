import type { TensorType } from "../../tensor.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";

export interface AttendRequest {
  /** [batch, heads, tokens, size] */
  query: string;
  /** [batch, kvHeads, keys, size] */
  key: string;
  /** [batch, kvHeads, keys, value size] */
  value: string;
  heads: number;
  kvHeads: number;
  /** Factor of the scores. 0: 1 / sqrt(size). */
  scale: number;
  /** Scores are bent to stay within ±softcap. 0: not. */
  softcap?: number;
  /** Added to the scores; broadcasts to [batch, heads, tokens, keys]. */
  bias?: readonly string[];
  /** Truth values, false where a key is not seen; broadcasts likewise. */
  allowed?: string;
  /** A score a head [heads] for attending to nothing, or "zero". */
  sink?: string;
  type: TensorType;
}

/** Lowest finite number of a type: the score of a key that is not seen. */
const LOWEST = { float16: -65504, float32: -3.4028234663852886e38, float64: -3.4028234663852886e38 };

/**
 * Scaled dot-product attention in standard operators: [batch, tokens, heads·value size]. Heads that share a key are folded into the
 * rows of one product, so that keys are never repeated. In float16 scores are compared in float32, as the fused kernels do.
 */
export function attend(g: LoweringBuilder, request: AttendRequest, output?: string): string {
  const { key, value, heads, kvHeads, type } = request;
  const grouped = heads !== kvHeads;
  const fold = (x: string) => (grouped ? g.reshape(x, 0, kvHeads, -1, 0) : x);
  const unfold = (x: string) => (grouped ? g.reshape(x, 0, heads, -1, 0) : x);
  const product = unfold(g.matMul(fold(scaled(g, request)), g.transpose(key, 0, 1, 3, 2)));
  const weights = softmax(g, request, product);
  const mixed = unfold(g.matMul(fold(type === "float16" ? g.cast(weights, type) : weights), value));
  return g.op("Reshape", [g.transpose(mixed, 0, 2, 1, 3), g.ints(0, 0, -1)], {}, output);
}

function scaled(g: LoweringBuilder, { query, scale, type }: AttendRequest): string {
  if (scale) return g.mul(query, g.scalar(scale, type));
  const size = g.facts.size(query, 3);
  if (size) return g.mul(query, g.scalar(1 / Math.sqrt(size), type));
  return g.op("Div", [query, g.op("Sqrt", [g.cast(g.size(query, 3), type)])]);
}

function softmax(g: LoweringBuilder, request: AttendRequest, product: string): string {
  const { softcap, bias = [], allowed, sink, heads } = request;
  const type = request.type === "float16" ? "float32" : request.type;
  const widen = (x: string) => (request.type === "float16" ? g.cast(x, type) : x);
  let scores = widen(product);
  if (softcap) {
    const cap = g.scalar(softcap, type);
    scores = g.mul(g.op("Tanh", [g.op("Div", [scores, cap])]), cap);
  }
  for (const term of bias) scores = g.add(scores, widen(term));
  if (allowed) scores = g.op("Where", [allowed, scores, g.scalar(LOWEST[type as "float32"], type)]);
  if (!sink) return g.op("Softmax", [scores], { axis: -1 });
  const nothing = sink === "zero" ? g.scalar(0, type) : g.reshape(widen(sink), 1, heads, 1, 1);
  const rows = g.slice(g.op("Shape", [scores]), 0, 0, 3);
  const column = g.op("Expand", [nothing, g.concat([rows, g.ints(1)], 0)]);
  return g.slice(g.op("Softmax", [g.concat([scores, column], 3)], { axis: -1 }), 3, 0, -1);
}

/** [batch, tokens, heads·size] as [batch, heads, tokens, size]. */
export const splitHeads = (g: LoweringBuilder, x: string, heads: number): string =>
  g.transpose(g.reshape(x, 0, 0, heads, -1), 0, 2, 1, 3);
