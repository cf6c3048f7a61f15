import { requireKnown } from "../../../kernels/nearest-name.ts";
import { random } from "../../../kernels/random.ts";
import { ordered, reading, type Reading, type ReadOptions } from "../../reading.ts";
import type { VqaRecord } from "../../vqa-record.ts";
import type { Split } from "../knowledge/splits.ts";
import { type QuestionAnswer, VISUAL_FAMILIES, visualQuestions } from "../questions/index.ts";
import { neighbours } from "../world/sample-scene-neighbours.ts";
import { sampleScene } from "../world/sample-scene.ts";
import type { Scene } from "../world/scene.ts";
import { MODALITIES } from "../world/vocabulary.ts";
import { phantomImage } from "./images.ts";
import { exportSeed } from "./splits.ts";

/** Pictures of each split, and most questions about one of them. */
export const VQA_IMAGES: Readonly<Record<Split, number>> = { test: 60, train: 180, validation: 60 };
const PER_IMAGE = 5;
const ORDER = ["test", "train", "validation"] as const satisfies readonly Split[];

/**
 * Questions about drawn images of the phantom world with their right answers, in wordings that the embedded model was not trained on:
 * `readQuestions` of `phantom/vqa`. Images come in equal parts of all modalities and are kept in the user's cache folder; another seed gives others.
 *
 * Throws: UnknownNameError for a split. The reading throws: ExportSeedError, ImageCacheError, CancelledError.
 */
export function phantomQuestions(options: Omit<ReadOptions, "folder">): Reading<VqaRecord> {
  const split = requireKnown("phantom/vqa split", options.split ?? ORDER[0], ORDER);
  requireKnown("phantom/vqa language", options.lang ?? "en", ["en"]);
  return reading(() => ordered(questions(split, options.seed ?? 0), options));
}

async function* questions(split: Split, seed: number): AsyncGenerator<VqaRecord> {
  for (let index = 0; index < VQA_IMAGES[split]; index++) {
    const scene = sampleScene(exportSeed("vqa", split, seed, index), {
      modality: MODALITIES[index % MODALITIES.length],
    });
    const image = await phantomImage(scene, `seed${seed}-${split}-${index}.png`);
    for (const [number, qa] of sceneQuestions(scene).entries())
      yield {
        id: `phantom-vqa-${seed}-${split}-${index}-${number}`,
        benchmark: "phantom/vqa",
        split,
        image,
        question: qa.question,
        answer: qa.answer,
        closed: isClosed(qa),
        lang: "en",
        organ: qa.about.join(", "),
        modality: scene.modality,
        questionType: qa.family,
        meta: {},
      };
  }
}

const sceneQuestions = (scene: Scene): QuestionAnswer[] => {
  const stream = random(scene.seed);
  return stream
    .shuffle(visualQuestions(scene, stream, { templates: "probe", families: VISUAL_FAMILIES, neighbours }))
    .slice(0, PER_IMAGE);
};

/** Whether the question offers its answer: yes or no, or a word that stands in it. */
const isClosed = ({ question, answer }: QuestionAnswer): boolean =>
  answer === "yes" || answer === "no" || ` ${question.replace(/[?,]/g, " ")} `.includes(` ${answer} `);
