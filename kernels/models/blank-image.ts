import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import type { ImageRef } from "../../datasets/case.ts";

/**
 * An image of one grey as a file, for as long as `use` runs: what a model says without any picture, in the form in which it takes pictures.
 * `level`: 0 is black, 255 white; default 128.
 */
export async function withBlankImage<T>(use: (blank: ImageRef) => Promise<T>, level = 128): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "medke-blank-"));
  try {
    const path = join(folder, "blank.png");
    const grey = { r: level, g: level, b: level };
    await sharp({ create: { width: 256, height: 256, channels: 3, background: grey } })
      .png()
      .toFile(path);
    return await use({ id: "blank", path });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
