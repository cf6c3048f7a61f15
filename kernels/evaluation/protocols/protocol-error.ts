import { UserFacingError } from "../../errors.ts";

/** Cause: a protocol is misspelt, or does not go with the editor or the number of cases. Handled by: the caller, who corrects it. */
export class ProtocolError extends UserFacingError {}
