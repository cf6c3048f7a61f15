import type { TensorType } from "../../tensor.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";

/** Added to the scores: 0 where an integer mask is set and `filter` where it is 0. */
export function penalty(g: LoweringBuilder, mask: string, filter: number, type: TensorType): string {
  const kept = g.op("Greater", [g.cast(mask, "int32"), g.cast(g.int(0), "int32")]);
  return g.op("Where", [kept, g.scalar(0, type), g.scalar(filter, type)]);
}

/** Added to the scores [.., keys]: `filter` at keys before the start or from the end of their row; both int [batch]. */
export function rangePenalty(
  g: LoweringBuilder,
  { start, end }: { start: string; end: string },
  keys: string,
  filter: number,
  type: TensorType,
): string {
  const column = (values: string) => g.reshape(g.cast(values, "int64"), -1, 1, 1, 1);
  const places = g.range(keys);
  const kept = g.op("And", [g.op("Less", [places, column(end)]), g.op("GreaterOrEqual", [places, column(start)])]);
  return g.op("Where", [kept, g.scalar(0, type), g.scalar(filter, type)]);
}

/** Truth values [tokens, keys]: keys up to each token, where the last key belongs to the last token. */
export function causal(g: LoweringBuilder, tokens: string, keys: string): string {
  const rows = g.add(g.unsqueeze(g.range(tokens), 1), g.sub(keys, tokens));
  return g.op("LessOrEqual", [g.unsqueeze(g.range(keys), 0), rows]);
}
