import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { throwIfCancelled, UserFacingError } from "../kernels/errors.ts";
import type { ImageRef } from "./case.ts";
import { shownPath } from "./shown-path.ts";

/**
 * Cause: an image file is missing, damaged, cut short, not an image, or too large.
 * Handled by: the command or cell that asked for it; a reader that can go on without the image counts it as skipped.
 */
export class ImageUnreadableError extends UserFacingError {}

/** Pixels of one image: row-major interleaved RGB. Shapes: data.length === height * width * 3; units: 0..255. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Largest image that is decoded, in pixels: 300 MB as RGB. A small file can claim far more than memory holds. */
export const MAX_PIXELS = 100_000_000;

/**
 * Decodes an image file (JPEG, PNG, WebP, GIF, TIFF) to 8-bit RGB. Greyscale is repeated on three channels, transparency dropped.
 *
 * Throws: ImageUnreadableError naming the image and the file; a damaged or truncated file is refused, never half decoded.
 */
export async function decodeRgb(ref: ImageRef): Promise<RgbImage> {
  const bytes = await readBytes(ref);
  try {
    // Colour profiles and EXIF rotation are ignored because the image pipelines that models are trained with ignore them.
    const input = sharp(bytes, { failOn: strictness(bytes), limitInputPixels: MAX_PIXELS, ignoreIcc: true });
    const { data, info } = await input
      .removeAlpha()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`decoded to ${info.channels} channels`);
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    };
  } catch (cause) {
    throw new ImageUnreadableError(
      `image "${ref.id}": ${shownPath(ref.path)} (${bytes.length} bytes) cannot be decoded (${reasonOf(cause)}). ` +
        `Replace the file with a good copy, or leave this image out.`,
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
    await Promise.all(distinct.slice(i, i + 8).map(decodeRgb));
  }
}

async function readBytes(ref: ImageRef): Promise<Buffer> {
  try {
    return await readFile(ref.path);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const what = missing
      ? "does not exist"
      : `cannot be read (${(cause as NodeJS.ErrnoException).code ?? reasonOf(cause)})`;
    throw new ImageUnreadableError(
      `image "${ref.id}": ${shownPath(ref.path)} ${what}. Put the file there, or point the data folder at one that holds it.`,
      { cause },
    );
  }
}

// A JPEG overwritten in its middle only makes the decoder warn (40 of 60 such files; no intact one of 314 does), whereas intact TIFF
// files warn about private tags.
const strictness = (bytes: Uint8Array) => (bytes[0] === 0xff && bytes[1] === 0xd8 ? "warning" : "error");

/** The decoder reports one line per damaged block; the first says what is wrong. */
const reasonOf = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).split("\n")[0].trim();
