import type { ImageRef } from "../../datasets/case.ts";
import type { RgbImage } from "../../datasets/image.ts";
import type { ValueInfo } from "../runtime/worker-protocol.ts";
import type { Tensor } from "../tensor.ts";
import type { ImagePreparation } from "./image-preparation.ts";

/** Encoded images kept, newest last. An edit's probes ask about the same few images many times. */
const KEEP = 128;

/** A session of a vision encoder, or one that adds what edits feed. */
export interface FeatureEncoder {
  readonly inputs: readonly ValueInfo[];
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
}

/** Encodes images: [1, image tokens, hidden]. `check` throws where an encoder gives other features than the model's prompts have room for. */
export const imageEncoding =
  (encoder: FeatureEncoder, prepare: ImagePreparation, check: (features: Tensor) => void) =>
  async (image: ImageRef | RgbImage): Promise<Tensor<Float32Array>> => {
    const prepared = await prepare(image);
    const feeds = Object.fromEntries(encoder.inputs.map(({ name }) => [name, prepared[name]]));
    const { image_features } = await encoder.run(feeds);
    check(image_features);
    return image_features as Tensor<Float32Array>;
  };

/** Encodes image files and remembers the latest ones. Features: [1, image tokens, hidden]. */
export class ImageFeatures {
  readonly #encode: (image: ImageRef) => Promise<Tensor<Float32Array>>;
  readonly #cache = new Map<string, Promise<Tensor<Float32Array>>>();

  constructor(...parts: Parameters<typeof imageEncoding>) {
    this.#encode = imageEncoding(...parts);
  }

  /** Throws: ImageUnreadableError naming the image. */
  of(image: ImageRef): Promise<Tensor<Float32Array>> {
    const found = this.#cache.get(image.path) ?? this.#encode(image);
    // Re-inserted at the end, so that the first key is always the one unused for longest.
    this.#cache.delete(image.path);
    this.#cache.set(image.path, found);
    if (this.#cache.size > KEEP) this.#cache.delete(this.#cache.keys().next().value!);
    found.catch(() => this.#cache.delete(image.path));
    return found;
  }
}
