import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { ImageUnreadableError, MAX_PIXELS } from "../../datasets/image.ts";
import { shownPath } from "../../datasets/shown-path.ts";
import type { DiffImage } from "./edit-diff.ts";

export interface DiffImageOptions {
  /** Longest side in pixels; a smaller image keeps its size. Default 512. */
  maxEdge?: number;
  /** A smaller image is enlarged by the largest whole number that keeps its longest side within this. Default 0: never. */
  enlargeTo?: number;
  /** Text for screen readers. Default: the file's name and size. */
  alt?: string;
}

/**
 * Reads an image file for showing beside an edit: turned upright by its EXIF flag, scaled down, stripped of all metadata.
 * A PNG stays lossless; every other format becomes a JPEG.
 *
 * Throws: ImageUnreadableError (from datasets) naming a file that is missing, damaged, cut short or too large.
 */
export async function diffImage(path: string, options: DiffImageOptions = {}): Promise<DiffImage> {
  const { maxEdge = 512, enlargeTo = 0, alt } = options;
  const { default: sharp } = await import("sharp");
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === "ENOENT" ? "does not exist" : `cannot be read (${cause.code ?? cause.message})`;
    throw unreadable(path, what, "Put the file there, or point the data folder at one that holds it.", cause);
  });
  try {
    const input = sharp(bytes, { failOn: "error", limitInputPixels: MAX_PIXELS, autoOrient: true });
    const { format, autoOrient } = await input.metadata();
    const png = format === "png";
    const longest = Math.max(autoOrient.width, autoOrient.height);
    const times = Math.floor(enlargeTo / longest);
    // Pixels of an enlarged image stay squares: nothing is shown that the model does not see.
    const scaled =
      times > 1
        ? input.resize({ width: times * autoOrient.width, height: times * autoOrient.height, kernel: "nearest" })
        : input.resize({ width: maxEdge, height: maxEdge, fit: "inside", withoutEnlargement: true });
    const encoded = png ? scaled.png({ compressionLevel: 9 }) : scaled.jpeg({ quality: 88, mozjpeg: true });
    const { data, info } = await encoded.toBuffer({ resolveWithObject: true });
    return {
      mime: png ? "image/png" : "image/jpeg",
      base64: data.toString("base64"),
      width: info.width,
      height: info.height,
      alt: alt ?? `Image ${basename(path)}, ${info.width} by ${info.height} pixels`,
    };
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0].trim();
    const next = "Replace the file with a good copy, or leave this image out.";
    throw unreadable(path, `(${bytes.length} bytes) cannot be decoded (${reason})`, next, cause);
  }
}

const unreadable = (path: string, what: string, next: string, cause: unknown) =>
  new ImageUnreadableError(`image "${basename(path)}": ${shownPath(path)} ${what}. ${next}`, { cause });
