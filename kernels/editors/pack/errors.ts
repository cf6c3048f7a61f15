import { UserFacingError } from "../../errors.ts";

/** Cause: a .medke file cannot be written or read, is damaged, or comes from a newer medke. Handled by: the user; the message says how. */
export class EditPackError extends UserFacingError {}

/** Cause: a pack is applied to another model than it was made on. Handled by: the user, who loads that model or makes the edit again. */
export class OtherModelError extends UserFacingError {
  /** `reason`: what differs; `force`: how the caller's own setting is called that applies the pack all the same. */
  constructor(
    readonly reason: string,
    force = '"force"',
  ) {
    super(
      `${reason} An edit fits only the weights that it was made on. Load that model, or make the edit again on this one; ${force} applies it wherever the shapes fit.`,
    );
  }
}
