import { UserFacingError } from "../errors.ts";

/**
 * Cause: the bytes are not a whole, consistent ONNX model (a broken download, a full disk, a failed export).
 * Handled by: the user, who fetches or exports the file again; nothing is guessed from a damaged file.
 */
export class OnnxFormatError extends UserFacingError {
  constructor(where: string, problem: string, options: { cause?: unknown; action?: string } = {}) {
    const action = options.action ?? "Download the file again or re-export the model";
    super(`${where}: not a valid ONNX model: ${readable(problem)}. ${action}.`, options);
  }
}

const LONGEST = 600;

/** Names come from the file: one may hold megabytes, or control sequences for the terminal that shows the message. */
function readable(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  return short.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}
