import type { RgbImage } from "../../../../../datasets/image.ts";
import { render } from "../../../../../datasets/phantom/render/index.ts";
import { sampleScene } from "../../../../../datasets/phantom/world/sample-scene.ts";
import type { Scene } from "../../../../../datasets/phantom/world/scene.ts";
import { random } from "../../../../random.ts";
import { PHANTOM } from "../../config.ts";
import type { DenseTargets } from "../../training/dense-targets.ts";
import { denseTargets } from "../../training/dense-targets.ts";
import { sceneSeed } from "../../training/seeds.ts";
import { captionOf } from "../pairs/caption.ts";
import { changeSomething } from "../pairs/change-something.ts";
import { retake } from "../pairs/retake.ts";
import { GROUP } from "./settings.ts";

/** A scene with everything that training needs of it. */
export interface Drawn {
  scene: Scene;
  caption: string;
  /** The same scene taken twice. */
  images: [RgbImage, RgbImage];
  /** The same for both. */
  dense: DenseTargets;
}

/** From here on training scenes are taken where one cannot be changed; fewer are drawn before. */
const SPARE = 2 ** 21;

/** Group number `index` (from 0) of the training scenes of a seed; scenes 2n and 2n + 1 differ in one attribute. */
export function sceneGroup(seed: number, index: number): Drawn[] {
  const pairs = GROUP / 2;
  const scenes = Array.from({ length: pairs }, (_, i) => index * pairs + i).flatMap((number) => {
    const own = sceneSeed(seed, "vision", number);
    const scene = sampleScene(own);
    return [scene, changeSomething(scene, random(~own)) ?? sampleScene(sceneSeed(seed, "vision", SPARE + number))];
  });
  const stream = random(sceneSeed(seed, "vision", index) ^ 0x7a4e);
  return scenes.map((scene, i) => {
    const again = retake(scene, stream.below(2 ** 31 - 1), scenes[(i + 1) % scenes.length].view);
    const { image, entities } = render(scene, PHANTOM.image);
    return {
      scene,
      caption: captionOf(scene),
      images: [image, render(again, PHANTOM.image).image],
      dense: denseTargets(scene, entities),
    };
  });
}
