import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { UserFacingError } from "../../../kernels/errors.ts";
import type { ImageRef } from "../../case.ts";
import type { RgbImage } from "../../image.ts";
import { makeFolder } from "../../make-folder.ts";
import { shownPath } from "../../shown-path.ts";
import type { Split } from "../knowledge/splits.ts";
import { render } from "../render/index.ts";
import type { Scene } from "../world/scene.ts";

/** Cause: the folder that keeps rendered pictures cannot be written to. Handled by: the user, who names another. */
export class ImageCacheError extends UserFacingError {}

/** Where an exported picture lies, relative to the export's folder. */
export const imagePath = (split: Split, index: number): string =>
  `images/${split}-${String(index).padStart(5, "0")}.png`;

/** The bytes of a picture as PNG: lossless, nothing but pixels in it. */
export function pngBytes({ width, height, data }: RgbImage): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 9, adaptiveFiltering: false, palette: false })
    .toBuffer();
}

/** A scene's picture as PNG. */
export const scenePng = (scene: Scene): Promise<Uint8Array> => pngBytes(render(scene).image);

/** The folder that keeps rendered pictures: below XDG_CACHE_HOME where it is set, else below the user's cache folder. */
export function imageCacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const local = process.platform === "win32" ? env.LOCALAPPDATA : undefined;
  return join(env.XDG_CACHE_HOME || local || join(homedir(), ".cache"), "medke", "phantom");
}

/**
 * A file with a scene's picture, rendered and written unless it is there. Its name is a digest of the pixels, so that a changed renderer
 * never meets an old picture; `id` names it in results.
 *
 * Throws: ImageCacheError.
 */
export async function phantomImage(scene: Scene, id: string, folder = imageCacheFolder()): Promise<ImageRef> {
  const { image } = render(scene);
  const digest = createHash("sha256").update(`${image.width}x${image.height}:`).update(image.data).digest("hex");
  const path = join(folder, `${digest.slice(0, 32)}.png`);
  if (!existsSync(path)) await writeWhole(path, await pngBytes(image), folder);
  return { id, path };
}

let drafts = 0;

/** Readers see the whole file or none, also when several processes write it. */
async function writeWhole(path: string, bytes: Uint8Array, folder: string): Promise<void> {
  const draft = `${path}.${process.pid}-${drafts++}.part`;
  try {
    makeFolder(folder);
    await writeFile(draft, bytes);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw new ImageCacheError(
      `the picture cache ${shownPath(folder)} cannot be written to (${(cause as Error).message}). ` +
        `Set XDG_CACHE_HOME to a folder that can.`,
      { cause },
    );
  }
}
