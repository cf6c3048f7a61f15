import { visualQuestions, VISUAL_FAMILIES } from "../../../../datasets/phantom/questions/index.ts";
import { neighbours } from "../../../../datasets/phantom/world/sample-scene-neighbours.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { random } from "../../../random.ts";
import { sceneSeed } from "../training/seeds.ts";

/** Scenes whose answers are counted. */
const SCENES = 4000;

/**
 * The best answer to a visual question for somebody who sees no image: the commonest answer to the same question in training, by
 * family and the entities asked about.
 */
export function questionOnly(seed: number): (family: string, about: readonly string[]) => string | undefined {
  const counts = new Map<string, Map<string, number>>();
  const key = (family: string, about: readonly string[]) => [family, ...about].join(" ");
  for (let i = 0; i < SCENES; i++) {
    const scene = sampleScene(sceneSeed(seed, "language", i));
    for (const { family, about, answer } of visualQuestions(scene, random(i), {
      templates: "train",
      families: VISUAL_FAMILIES,
      neighbours,
    })) {
      const answers = counts.get(key(family, about)) ?? new Map<string, number>();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      counts.set(key(family, about), answers);
    }
  }
  return (family, about) => {
    const answers = [...(counts.get(key(family, about)) ?? [])];
    return answers.sort((a, b) => b[1] - a[1])[0]?.[0];
  };
}
