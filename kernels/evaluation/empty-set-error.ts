import { UserFacingError } from "../errors.ts";

/** Cause: a number was asked of nothing (no cases, no probes, an answer without tokens). Handled by: the caller; never shown as 0 or NaN. */
export class EmptySetError extends UserFacingError {}
