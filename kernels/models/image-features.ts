import type { ImageRef } from "../../datasets/case.ts";
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

/** Encodes images and remembers the latest ones. Features: [1, image tokens, hidden]. */
export class ImageFeatures {
  readonly #encoder: FeatureEncoder;
  readonly #prepare: ImagePreparation;
  readonly #check: (features: Tensor) => void;
  readonly #cache = new Map<string, Promise<Tensor<Float32Array>>>();

  /** `check` throws where an encoder gives other features than the model's prompts have room for. */
  constructor(encoder: FeatureEncoder, prepare: ImagePreparation, check: (features: Tensor) => void) {
    this.#encoder = encoder;
    this.#prepare = prepare;
    this.#check = check;
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

  async #encode(image: ImageRef): Promise<Tensor<Float32Array>> {
    const prepared = await this.#prepare(image);
    const feeds = Object.fromEntries(this.#encoder.inputs.map(({ name }) => [name, prepared[name]]));
    const { image_features } = await this.#encoder.run(feeds);
    this.#check(image_features);
    return image_features as Tensor<Float32Array>;
  }
}
