import { UserFacingError } from "../errors.ts";

/** Cause: ONNX Runtime refused a file. Handled by: the user, who replaces the file; the message names it. */
export class ModelFileError extends UserFacingError {}
