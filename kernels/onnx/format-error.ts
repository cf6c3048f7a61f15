import { UserFacingError } from "../errors.ts";

/**
 * Cause: the bytes are not a whole, consistent ONNX model (a broken download, a full disk, a failed export).
 * Handled by: the user, who fetches or exports the file again; nothing is guessed from a damaged file.
 */
export class OnnxFormatError extends UserFacingError {
  constructor(where: string, problem: string, options: { cause?: unknown; action?: string } = {}) {
    const action = options.action ?? "Download the file again or re-export the model";
    super(`${where}: not a valid ONNX model: ${problem}. ${action}.`, options);
  }
}
