import { PreTrainedTokenizer } from "@huggingface/transformers";
import { random } from "../../../../random.ts";
import { float32 } from "../../../../tensor.ts";
import type { Tensor } from "../../../../tensor.ts";
import { PHANTOM } from "../../config.ts";
import { normalisePixels } from "../../normalise-pixels.ts";
import { makeTokenizer } from "../../tokenizer/tokenizer-files.ts";
import { denseFeeds } from "../../training/dense-targets.ts";
import { recordSeed } from "../../../../../datasets/record-seed.ts";
import { twoWordings } from "../pairs/text-ask.ts";
import { pairFeeds, textFeeds } from "./contrastive-feeds.ts";
import { drawAsks } from "./draw-asks.ts";
import { type Drawn, sceneGroup } from "./scene-group.ts";
import { AGES, BATCH } from "./settings.ts";

const OLDEST = Math.max(...AGES);

/** Draws the batches of the encoder's training. */
export class RetrievalSampler {
  readonly #seed: number;
  readonly #tokenizer: PreTrainedTokenizer;
  readonly #texts = new Map<string, number[]>();
  /** Groups that later steps show again. */
  readonly #groups = new Map<number, Drawn[]>();

  constructor(seed: number) {
    this.#seed = seed;
    const { tokenizer, config } = makeTokenizer();
    this.#tokenizer = new PreTrainedTokenizer(tokenizer, config);
  }

  /** Batch number `step` (from 0): a pure function of the seed. */
  feeds(step: number): Record<string, Tensor> {
    const stream = random(recordSeed(~this.#seed, step));
    // At each age a scene shows another of its two images first: only that one stands beside the caption.
    const drawn = AGES.flatMap((age, use) =>
      this.#group(step + OLDEST - age).map((each) => ({ ...each, images: use % 2 ? swap(each.images) : each.images })),
    );
    for (const index of this.#groups.keys()) if (index <= step) this.#groups.delete(index);
    const asks = drawAsks(drawn.map(({ scene }) => scene), BATCH, stream); // prettier-ignore
    const wordings = asks.map((ask) => twoWordings(ask, stream));
    const captions = drawn.map(({ caption }) => caption);
    return {
      ...textFeeds("question", wordings.map(([first]) => this.#encode(first))),
      ...textFeeds("paraphrase", wordings.map(([, second]) => this.#encode(second))),
      ...textFeeds("caption", captions.map((caption) => this.#encode(caption))),
      pixel_values: pixels(drawn.map(({ images }) => images[0])),
      other_pixel_values: pixels(drawn.map(({ images }) => images[1])),
      ...denseFeeds(drawn.map(({ dense }) => dense)),
      ...pairFeeds([asks.map(({ key }) => key), captions, captions]),
    }; // prettier-ignore
  }

  #group(index: number): Drawn[] {
    const group = this.#groups.get(index) ?? sceneGroup(this.#seed, index);
    this.#groups.set(index, group);
    return group;
  }

  #encode(text: string): number[] {
    const ids = this.#texts.get(text) ?? this.#tokenizer.encode(text, { add_special_tokens: false });
    this.#texts.set(text, ids);
    return ids;
  }
}

const swap = <T>([a, b]: [T, T]): [T, T] => [b, a];

function pixels(images: readonly Drawn["images"][number][]): Tensor {
  const size = 3 * PHANTOM.image ** 2;
  const data = new Float32Array(images.length * size);
  images.forEach((image, i) => normalisePixels(image, data, i * size));
  return float32(data, [images.length, 3, PHANTOM.image, PHANTOM.image]);
}
