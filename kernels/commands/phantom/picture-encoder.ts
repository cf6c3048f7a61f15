import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RgbImage } from "../../../datasets/image.ts";
import { pngBytes } from "../../../datasets/phantom/forms/images.ts";
import { throwIfCancelled } from "../../errors.ts";
import { openImageEncoder } from "../../models/image-encoder.ts";

/**
 * A model's vision encoder for pictures that are not files yet: each becomes one for as long as it is read, because a model reads and
 * prepares images from files. The caller disposes it.
 */
export async function openPictureEncoder(model: string, { signal }: { signal?: AbortSignal } = {}) {
  const encoder = await openImageEncoder(model);
  const folder = await mkdtemp(join(tmpdir(), "medke-pictures-"));
  let made = 0;
  return {
    async encode(image: RgbImage): Promise<Float32Array> {
      throwIfCancelled(signal, "encoding pictures");
      const path = join(folder, `${made++}.png`);
      await writeFile(path, await pngBytes(image));
      try {
        return await encoder.encode({ id: path, path });
      } finally {
        await rm(path);
      }
    },
    async dispose(): Promise<void> {
      await encoder.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
