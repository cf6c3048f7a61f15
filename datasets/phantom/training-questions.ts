import type { ImageRef } from "../case.ts";
import { phantomImage } from "./forms/images.ts";
import { medmkeb } from "./forms/medmkeb.ts";
import { medmkebRecord } from "./forms/medmkeb-record.ts";

/** A question with its true answer in the phantom world. */
export interface TrainingQuestion {
  image?: ImageRef;
  question: string;
  answer: string;
}

/** Most records that `trainingQuestions` takes. */
export const MOST_RECORDS = medmkeb.counts.train;

/**
 * Questions in the wordings that the embedded model was trained on: of each record of the training split one about an image and one about a
 * fact. Pictures are rendered as they are needed and kept in the user's cache folder.
 *
 * Throws: ExportSeedError, ImageCacheError.
 */
export async function* trainingQuestions(records: number, seed = 0): AsyncGenerator<TrainingQuestion> {
  for (let number = 0; number < Math.min(records, MOST_RECORDS); number++) {
    const { image, src, pred, textLocality } = medmkebRecord("train", seed, number);
    const { scene, index } = image;
    yield { image: await phantomImage(scene, `seed${seed}-train-${index}.png`), question: src, answer: pred };
    yield textLocality;
  }
}
