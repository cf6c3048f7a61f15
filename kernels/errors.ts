const USER_FACING = Symbol.for("medke.userFacingError");

/**
 * A failure that the user can act on: the message says what is wrong (with the caller's own value), where, and one next step.
 * Subclasses sit beside the concept that they guard. Command line and notebook print the message alone; `--verbose` adds the stack.
 */
export class UserFacingError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    Object.defineProperty(this, USER_FACING, { value: true });
  }
}

/** Whether the message alone is meant for the user. True across module instances, unlike `instanceof`. */
export function isUserFacing(error: unknown): error is Error {
  return error instanceof Error && USER_FACING in error;
}

/** Cause: the user (or the caller's AbortSignal) stopped a long operation. Handled by: the cell or command that started it. */
export class CancelledError extends UserFacingError {}

/**
 * Cause: a step of longer work was stopped; the message names the step, which whoever stopped the whole need not know. Handled by: the work
 * around it, which says what was finished and kept.
 */
export class StepCancelledError extends CancelledError {
  constructor(step: string) {
    super(`${step}: stopped on request. Run it again to start over.`);
  }
}

/** Throws StepCancelledError when the signal was raised; called between the steps of long work. */
export function throwIfCancelled(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new StepCancelledError(what);
}

/** Cause: an option or a name that does not exist. Handled by: the caller, who corrects the spelling. */
export class UnknownNameError extends UserFacingError {}
