import { UserFacingError } from "../../errors.ts";
import type { SentenceEncoder } from "../sentence-encoder.ts";
import type { NearestTextScope } from "./scope.ts";

/**
 * Cause: an edit finds its texts by a sentence encoder, and on this machine that name is another one, whose vectors mean something else.
 * Handled by: the user, who brings the encoder that the edit was made with, or makes the edit again.
 */
export class EncoderMismatchError extends UserFacingError {}

/** Throws: EncoderMismatchError unless the encoder is the one that a scope's keys were made with. */
export async function requireEncoder(
  { encoder, encoderDigest }: NearestTextScope,
  opened: Pick<SentenceEncoder, "digest">,
): Promise<void> {
  const digest = await opened.digest();
  if (digest === encoderDigest) return;
  throw new EncoderMismatchError(
    `sentence encoder "${encoder}": the edit was made with one of digest ${encoderDigest}; the one of that name here has ${digest}, and would route ` +
      `differently. Bring the folder of that encoder to this machine under the same name, or make the edit again with this one.`,
  );
}
