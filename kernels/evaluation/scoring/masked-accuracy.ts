import { EmptySetError } from "../empty-set-error.ts";

/** The label of a position that is not scored. */
export const IGNORED = -100;

/**
 * Share of scored positions whose predicted id is the label.
 *
 * Shapes: predicted and labels [positions]; several sequences are flattened by the caller, which makes the ratio one over all their tokens
 * (micro average). Units: fraction in [0, 1].
 * Throws: EmptySetError where nothing is scored: 0 would be read as "all wrong".
 * Example: predicted [2, 9, 4] with labels [2, 9, -100] give 1
 */
export function maskedAccuracy(
  predicted: readonly number[],
  labels: readonly number[],
  scored: (label: number) => boolean = (label) => label !== IGNORED,
): number {
  if (predicted.length !== labels.length)
    throw new Error(`internal: ${predicted.length} predictions for ${labels.length} labels`);
  const counted = labels.flatMap((label, i) => (scored(label) ? [Number(label === predicted[i])] : []));
  return meanOf(counted, "token accuracy");
}

/** Mean of some numbers. Throws: EmptySetError naming `what` where there is none. */
export function meanOf(values: readonly number[], what: string): number {
  if (values.length === 0)
    throw new EmptySetError(`${what}: no position is scored. Leave out the probe, or give it a non-empty answer.`);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
