import { ImageFault } from "./image-fault.ts";

/** Largest image that is decoded, in pixels: 300 MB as RGB. A small file can claim far more than memory holds. */
export const MAX_PIXELS = 100_000_000;

/** Largest file that is read, in bytes. */
export const MAX_FILE_BYTES = 2 ** 30;

/** Throws: ImageFault for a size that no image has, or above the limit; called before anything of that size is allocated. */
export function requireSize(width: number, height: number): void {
  if (!Number.isSafeInteger(width) || !Number.isSafeInteger(height) || width < 1 || height < 1)
    throw new ImageFault(`the header says ${width} x ${height} pixels`);
  if (width * height > MAX_PIXELS)
    throw new ImageFault(
      `${width} x ${height} pixels exceed the pixel limit of ${MAX_PIXELS}`,
      "Make the image smaller, or leave it out.",
    );
}

/** The number `index` that was asked for, or `preset`. Throws: ImageFault where the file has no such frame, slice or volume. */
export function requireIndex(name: string, index: number | undefined, count: number, preset = 0): number {
  const chosen = index ?? preset;
  if (Number.isInteger(chosen) && chosen >= 0 && chosen < count) return chosen;
  const range = count === 1 ? "the only one is 0" : `they go from 0 to ${count - 1}`;
  throw new ImageFault(`there is no ${name} ${chosen}: ${range}`, `Choose a ${name} that the file has.`);
}
