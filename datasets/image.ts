import { readFile, stat } from "node:fs/promises";
import { throwIfCancelled, UserFacingError } from "../kernels/errors.ts";
import type { ImageRef } from "./case.ts";
import type { DecodedImage, DecodeOptions } from "./images/decoding.ts";
import { ImageFault } from "./images/image-fault.ts";
import { MAX_FILE_BYTES } from "./images/image-size.ts";
import { FORMAT_NAMES, formats } from "./images/index.ts";
import { shownPath } from "./shown-path.ts";

export type { DecodedImage, DecodeOptions, Decoding, Plane } from "./images/decoding.ts";
export { MAX_PIXELS } from "./images/image-size.ts";
export type { RgbImage } from "./images/rgb-image.ts";
export type { WindowChoice, WindowRecord, WindowSource } from "./images/window.ts";

/**
 * Cause: an image file is missing, damaged, cut short, not an image, or too large.
 * Handled by: the command or cell that asked for it; a reader that can go on without the image counts it as skipped.
 */
export class ImageUnreadableError extends UserFacingError {}

/**
 * Decodes an image file (PNG, JPEG, WebP, GIF, TIFF, AVIF, DICOM, NIfTI) to 8-bit RGB, with a record of how: greyscale is repeated on
 * three channels, transparency dropped. The format is found by content.
 *
 * Throws: ImageUnreadableError naming the image and the file; a damaged or truncated file is refused, never half decoded.
 */
export async function decodeRgb(ref: ImageRef, options: DecodeOptions = {}): Promise<DecodedImage> {
  const bytes = await readBytes(ref);
  try {
    const format = formats.find((candidate) => candidate.matches(bytes));
    if (!format) throw new ImageFault(bytes.length ? `it is no ${FORMAT_NAMES} file` : "it is empty");
    return await format.decode(bytes, options);
  } catch (cause) {
    const next = cause instanceof ImageFault ? cause.next : undefined;
    throw new ImageUnreadableError(
      `image "${ref.id}": ${shownPath(ref.path)} (${bytes.length} bytes) cannot be decoded (${reasonOf(cause)}). ` +
        (next ?? "Replace the file with a good copy, or leave this image out."),
      { cause },
    );
  }
}

/**
 * Decodes every distinct image once, to find damaged files before long work starts rather than in the middle of it.
 *
 * Throws: ImageUnreadableError for a damaged file; CancelledError. Takes about 2 ms an image of 0.5 megapixels.
 */
export async function verifyImages(refs: Iterable<ImageRef>, signal?: AbortSignal): Promise<void> {
  const distinct = [...new Map([...refs].map((ref) => [ref.path, ref])).values()];
  // A few at a time: the decoder uses every core, and each decoded image takes memory.
  for (let i = 0; i < distinct.length; i += 8) {
    throwIfCancelled(signal, "checking images");
    await Promise.all(distinct.slice(i, i + 8).map((ref) => decodeRgb(ref)));
  }
}

async function readBytes(ref: ImageRef): Promise<Buffer> {
  try {
    const file = await stat(ref.path);
    // A device or a pipe has no end; a file above the limit would fill memory before it is looked at.
    if (!file.isFile()) throw new Error("it is not a file");
    if (file.size > MAX_FILE_BYTES) throw new Error(`its ${file.size} bytes exceed the limit of ${MAX_FILE_BYTES}`);
    return await readFile(ref.path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const what = code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? reasonOf(cause)})`;
    throw new ImageUnreadableError(
      `image "${ref.id}": ${shownPath(ref.path)} ${what}. Put the file there, or point the data folder at one that holds it.`,
      { cause },
    );
  }
}

/** The decoder reports one line per damaged block; the first says what is wrong. */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split("\n")[0].trim();
