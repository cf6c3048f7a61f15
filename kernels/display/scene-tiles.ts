import { visualQuestions } from "../../datasets/phantom/questions/index.ts";
import { render } from "../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../datasets/phantom/world/sample-scene.ts";
import { MODALITIES, type Modality } from "../../datasets/phantom/world/vocabulary.ts";
import { random } from "../random.ts";
import type { Tile } from "./contact-sheet.ts";

const QUESTIONS = 3;

/** Pictures of the phantom world with questions that they answer, and one that needs the knowledge base too: modalities in turn, or all of one. */
export function sceneTiles(seed: number, count: number, modality?: Modality): Tile[] {
  const stream = random(seed);
  return Array.from({ length: count }, (_, i) => {
    const scene = sampleScene(stream.below(2 ** 30), { modality: modality ?? MODALITIES[i % MODALITIES.length] });
    const asked = stream.shuffle(visualQuestions(scene, stream, { templates: "train" }));
    const seen = asked.filter(({ hops, family }) => hops === 0 && family !== "modality").slice(0, QUESTIONS);
    const known = asked.filter(({ hops }) => hops > 0).slice(0, 1);
    const lines = [...seen, ...known].flatMap(({ question, answer }) => [
      { text: question },
      { text: answer, strong: true as const },
    ]);
    return { images: [render(scene).image], lines: [{ text: scene.modality, strong: true }, ...lines] };
  });
}
