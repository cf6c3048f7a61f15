import { UserFacingError } from "../../errors.ts";

/** Cause: a tokenizer runs the end of a prompt into its target. Handled by: the caller, who scores that probe with another profile. */
export class PromptBoundaryError extends UserFacingError {}

/** Inputs x, labels y and the mask of answer positions of a batch, right-padded. [rows][columns] */
export interface Encoded {
  x: number[][];
  y: number[][];
  mask: number[][];
}

/** A target as MedREK joins it to its prompt: with a space before it, unless it has one. */
export const medrekTarget = (target: string): string => (target.startsWith(" ") ? target : ` ${target}`);

/**
 * Inputs and labels of `prompt + target`: x without the last id, y without the first, mask 1 from the row that predicts the first target id.
 *
 * Shapes: whole [rows][n] and prompts [rows][m], both with the first token of a sequence. No end token is scored.
 * Throws: PromptBoundaryError where a prompt's ids are no prefix of the whole (the rule assumes it).
 * Source: MedREK and RECIPE, data preparation.
 * Example: prompt [1, 13] and whole [1, 13, 25] give x [1, 13], y [13, 25], mask [0, 1]
 */
export function medrekEncoding(
  prompts: readonly (readonly number[])[],
  whole: readonly (readonly number[])[],
  pad: number,
): Encoded {
  whole.forEach((ids, i) => {
    const at = prompts[i].findIndex((id, j) => ids[j] !== id);
    if (at >= 0)
      throw new PromptBoundaryError(
        `medrek: prompt ${i + 1} of ${whole.length} is not where its target begins (token ${at + 1}: ${prompts[i][at]} alone, ${ids[at]} with the target). ` +
          `Score it with tf-token, which takes ids from their context.`,
      );
  });
  const width = Math.max(...whole.map((ids) => ids.length)) - 1;
  const padded = (ids: readonly number[], fill: number) => [
    ...ids,
    ...new Array<number>(width - ids.length).fill(fill),
  ];
  return {
    x: whole.map((ids) => padded(ids.slice(0, -1), pad)),
    y: whole.map((ids) => padded(ids.slice(1), pad)),
    mask: whole.map((ids, i) =>
      padded(
        ids.slice(1).map((_, j) => Number(j >= prompts[i].length - 1)),
        0,
      ),
    ),
  };
}
