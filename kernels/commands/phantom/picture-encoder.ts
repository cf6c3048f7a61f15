import type { RgbImage } from "../../../datasets/image.ts";
import { throwIfCancelled } from "../../errors.ts";
import { openImageEncoder } from "../../models/image-encoder.ts";

/** A model's vision encoder for pictures that are not files. The caller disposes it. Throws: what `openImageEncoder` throws. */
export async function openPictureEncoder(model: string, { signal }: { signal?: AbortSignal } = {}) {
  const encoder = await openImageEncoder(model);
  return {
    async encode(image: RgbImage): Promise<Float32Array[]> {
      throwIfCancelled(signal, "encoding pictures");
      return encoder.encode(image);
    },
    dispose: () => encoder.dispose(),
  };
}
