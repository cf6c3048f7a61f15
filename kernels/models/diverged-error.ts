import { UserFacingError } from "../errors.ts";

/** Cause: an optimisation left the numbers. Handled by: the caller, who takes smaller steps. */
export class DivergedError extends UserFacingError {}

/** Throws: DivergedError for a loss that is not a number, naming the last one that was. */
export function requireFinite(loss: number, step: number, losses: readonly number[]): void {
  if (Number.isFinite(loss)) return;
  const last = losses.findLast(Number.isFinite);
  throw new DivergedError(
    `the loss is ${loss} at step ${step}${last === undefined ? "" : `, after ${last.toPrecision(4)}`}: the steps were too large. Lower the editor's option "lr".`,
  );
}

/** Throws: DivergedError for values that are not numbers: after the last step there is no loss to tell. */
export function requireFiniteValues(values: Record<string, { data: Float32Array }>, steps: number): void {
  for (const { data } of Object.values(values))
    if (!allFinite(data))
      throw new DivergedError(
        `after ${steps} steps the change is no longer made of numbers: the steps were too large. Lower the editor's option "lr".`,
      );
}

/** A loop of its own: `every` calls a function for each of some millions of numbers. */
function allFinite(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}
