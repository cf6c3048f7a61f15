import { IGNORED } from "./masked-accuracy.ts";
import type { Variant } from "./variant.ts";

/** Prompts of profile `answer-argmax` by where a question comes from. */
export type AnswerArgmaxSource = "e-vqa" | "vlkeb" | "text-locality" | "image-locality";

/**
 * The words around a question as LiveEdit and DualEdit put it, with "{question}" in its place.
 *
 * Variants: official adds "?" to a text locality question that may have one already; corrected adds it only where it is missing.
 */
export function answerArgmaxWording(
  question: string,
  source: AnswerArgmaxSource,
  variant: Variant = "official",
): string {
  if (source === "vlkeb") return "{question}";
  if (source !== "text-locality") return "{question} The answer is:";
  return variant === "corrected" && question.trimEnd().endsWith("?") ? "{question}" : "{question}?";
}

/** A target with the space that separates it from its prompt, unless one of the two carries it already. Source: LiveEdit. */
export const spacedTarget = (prompt: string, target: string): string =>
  /\s$/.test(prompt) || /^\s/.test(target) ? target : ` ${target}`;

/** Labels of some rows and which of them are answer tokens. [rows][columns] */
export interface AnswerLabels {
  labels: number[][];
  masks: number[][];
}

/**
 * Labels of a batch: `[bos] + prompt + target` rolled left by one and cut to the columns from the shortest prompt on; only answer positions
 * have mask 1, the id that was rolled round never.
 *
 * Source: LiveEdit, labels of its vision-language models.
 */
export function rolledLabels(
  prompts: readonly (readonly number[])[],
  targets: readonly (readonly number[])[],
  { bos, pad }: { bos: number; pad: number },
): AnswerLabels {
  const shortest = Math.min(...prompts.map((ids) => ids.length));
  const width = Math.max(...prompts.map((ids, i) => 1 + ids.length + targets[i].length));
  const row = (ids: readonly number[], fill: number) =>
    [...ids, ...new Array<number>(width - ids.length).fill(fill)].slice(shortest);
  return {
    labels: prompts.map((ids, i) => row([...ids, ...targets[i], bos], pad)),
    masks: prompts.map((ids, i) => row([...ids.map(() => 0), ...targets[i].map(() => 1)], 0)),
  };
}

/** Labels in which what the mask leaves out is not scored. */
export const maskedLabels = ({ labels, masks }: AnswerLabels): number[][] =>
  labels.map((row, i) => row.map((label, j) => (masks[i][j] ? label : IGNORED)));
