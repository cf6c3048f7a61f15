import { IGNORED } from "./masked-accuracy.ts";
import type { Variant } from "./variant.ts";

/**
 * Label rows for models with a chat template: the ids of " target" at the right end of every row, -100 elsewhere.
 *
 * Shapes: inputs [rows][L], targets [rows][n]; of a target longer than the row the last L ids are kept.
 * Variants: the official builder right-aligns always, so with right padding the labels fall onto pads; corrected puts them before the pads.
 * Source: EasyEdit, target labels of hub models.
 */
export function targetLabels(
  inputs: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
  { variant = "official", pad, padding = "left" }: { variant?: Variant; pad?: number; padding?: "left" | "right" } = {},
): number[][] {
  return inputs.map((ids, i) => {
    const ends = variant === "corrected" && padding === "right" ? withoutTail(ids, pad) : ids.length;
    const kept = targets[i].slice(Math.max(0, targets[i].length - ends));
    const labels: number[] = ids.map(() => IGNORED);
    kept.forEach((id, j) => (labels[ends - kept.length + j] = id));
    return labels;
  });
}

/** Number of ids before the pads at the end. */
const withoutTail = (ids: readonly number[], pad: number | undefined) => ids.findLastIndex((id) => id !== pad) + 1;

/** Labels and attention mask of a row behind image features. [rows][image tokens + L] */
export interface PrefixedLabels {
  labels: number[][];
  attention: number[][];
}

/**
 * Label rows of BLIP-2 style models: the text's own ids, -100 on image positions, on the first `promptLengths` tokens and on pads.
 *
 * Shapes: inputs [rows][L] without special tokens, promptLengths [rows]. (A build that tokenises the text with a first token but counts the
 * prompt without it scores one prompt token: pass lengths of the same tokenisation.)
 * Source: EasyEdit and FGVEdit, BLIP-2 wrapper.
 */
export function prefixedLabels(
  inputs: readonly (readonly number[])[],
  promptLengths: readonly number[],
  { pad, imageTokens = 0 }: { pad?: number; imageTokens?: number } = {},
): PrefixedLabels {
  const filled = (value: number) => new Array<number>(imageTokens).fill(value);
  return {
    labels: inputs.map((ids, i) => [
      ...filled(IGNORED),
      ...ids.map((id, j) => (j < promptLengths[i] || id === pad ? IGNORED : id)),
    ]),
    attention: inputs.map((ids) => [...filled(1), ...ids.map((id) => Number(id !== pad))]),
  };
}
