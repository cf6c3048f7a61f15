import { UserFacingError } from "../../errors.ts";

/** Cause: a .medke file cannot be written or read, is damaged, or comes from a newer medke. Handled by: the user; the message says how. */
export class EditPackError extends UserFacingError {}

/** Cause: a pack is applied to another model than it was made on. Handled by: the user, who loads that model or makes the edit again. */
export class OtherModelError extends UserFacingError {}
