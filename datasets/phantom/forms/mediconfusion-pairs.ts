import { UserFacingError } from "../../../kernels/errors.ts";
import type { ConfusionPair } from "../../confusion-pair.ts";
import type { RgbImage } from "../../image.ts";
import { phantomImage } from "./images.ts";
import { categoriesOf, sceneCaption } from "./mediconfusion-caption.ts";
import { type MinedPair, mineConfusionPairs } from "./mediconfusion-mine.ts";
import type { Scene } from "../world/scene.ts";

/** Cause: confusion pairs were asked for without the encoder that is to confuse them. Handled by: the caller, who passes one. */
export class EncoderMissingError extends UserFacingError {}

export interface ConfusionPairOptions {
  /** What the vision encoder makes of each place of an image: [places][hidden]. */
  encode?: (image: RgbImage) => Promise<Float32Array[]>;
  /** Default 0. */
  seed?: number;
  /** Pairs wanted. Default `CONFUSION_PAIRS`. Other numbers mine other pools and so give other pairs. */
  count?: number;
  /** Where the pictures are kept. Default: the user's cache folder. */
  folder?: string;
  signal?: AbortSignal;
  /** Called after every scene of the pool. */
  onProgress?: (done: number, total: number) => void;
}

/** Pairs of an export. */
export const CONFUSION_PAIRS = 240;

/**
 * Confusion pairs mined with a model's own encoder, those of the exported form `mediconfusion`. All are mined before the first one comes.
 *
 * Throws: EncoderMissingError; ExportSeedError; ImageCacheError; CancelledError; what `encode` throws.
 */
export async function* phantomConfusionPairs(options: ConfusionPairOptions): AsyncIterable<ConfusionPair> {
  const { encode, seed = 0, count = CONFUSION_PAIRS, folder, signal, onProgress } = options;
  const { pairs } = await mineConfusionPairs({ encode: requireEncoder(encode), seed, count, signal, onProgress });
  const picture = (scene: Scene, number: number) => phantomImage(scene, `seed${seed}-pairs-${number}.png`, folder);
  for (const [i, pair] of pairs.entries()) {
    const { letters, question, options: texts, draft } = lettered(pair, i);
    const [one, two] = pair.scenes;
    yield {
      id: `phantom-mediconfusion-${seed}-${i}`,
      benchmark: "phantom/mediconfusion",
      split: "test",
      images: [await picture(one, 2 * i), await picture(two, 2 * i + 1)],
      question,
      options: texts,
      answers: letters,
      categories: [categoriesOf(one), categoriesOf(two)],
      captions: [sceneCaption(one), sceneCaption(two)],
      similarity: { encoder: pair.encoder, secondView: pair.detail },
      cluster: String(i + 1),
      draft,
      meta: { modality: pair.modality, family: pair.family, changed: pair.change.attribute },
    };
  }
}

export function requireEncoder(encode: ConfusionPairOptions["encode"]): NonNullable<ConfusionPairOptions["encode"]> {
  if (encode) return encode;
  throw new EncoderMissingError(
    "phantom mediconfusion: no vision encoder was given, and pairs are those that an encoder sees as alike. Pass `encode`, or name a model on the command line.",
  );
}

/** Which option is right for the first image alternates, so that always saying "A" gains nothing. */
export function lettered({ question: { question, answers, draft } }: MinedPair, index: number) {
  const swapped = index % 2 === 1;
  const order = ([one, two]: [string, string]): [string, string] => (swapped ? [two, one] : [one, two]);
  const letters: ConfusionPair["answers"] = swapped ? ["B", "A"] : ["A", "B"];
  return {
    letters,
    question,
    options: order(answers),
    draft: { question: draft.question, options: order(draft.answers) },
  };
}
