import { UserFacingError } from "../../errors.ts";

/**
 * Cause: the numbers given to a closed form have no solution (a singular second moment, a key orthogonal to its direction), or their
 * shapes do not fit together. Handled by: the caller, who gathers more keys, adds a ridge, or corrects the shapes.
 */
export class ClosedFormError extends UserFacingError {}
