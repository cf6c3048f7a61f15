import type { ImageRef } from "../../../../../datasets/case.ts";
import type { Scene } from "../../../../../datasets/phantom/world/scene.ts";
import { MODALITIES } from "../../../../../datasets/phantom/world/vocabulary.ts";
import { throwIfCancelled } from "../../../../errors.ts";
import { random } from "../../../../random.ts";
import type { RetrievalEncoder } from "../load-encoder.ts";
import { captionOf } from "../pairs/caption.ts";
import { changeSomething } from "../pairs/change-something.ts";
import { retake } from "../pairs/retake.ts";
import type { Found, RetrievalGroup } from "./found.ts";
import { ranksOf, similarity } from "./recall.ts";

/** Candidates where all modalities are mixed. */
const GALLERY = 200;

interface Embedded {
  scene: Scene;
  cluster: string;
  /** Scenes with the same caption show the same. */
  caption: string;
  image: Float32Array;
  retaken: Float32Array;
  words: Float32Array;
  /** Image and caption of the scene with one attribute changed, where one could be. */
  changed?: { image: Float32Array; words: Float32Array };
}

export interface ImageExamOptions {
  /** Where a scene's picture lies. */
  picture: (scene: Scene) => Promise<ImageRef>;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number) => void;
}

/** Finds captions by images, images by captions and images by images: among 200 of all modalities, and among all of the same one. */
export async function imageExam(
  encoder: RetrievalEncoder,
  scenes: readonly Scene[],
  seed: number,
  options: ImageExamOptions,
): Promise<Found[]> {
  const stream = random(seed ^ 0x1ca7);
  const embedded: Embedded[] = [];
  for (const [i, scene] of scenes.entries()) {
    throwIfCancelled(options.signal, "measuring recall");
    const look = async (each: Scene) => encoder.image(await options.picture(each));
    const changed = changeSomething(scene, stream);
    embedded.push({
      scene,
      cluster: `scene ${i}`,
      caption: captionOf(scene),
      image: await look(scene),
      retaken: await look(retake(scene, stream.below(2 ** 31 - 1), scenes[(i + 1) % scenes.length].view)),
      words: await encoder.text(captionOf(scene)),
      ...(changed && { changed: { image: await look(changed), words: await encoder.text(captionOf(changed)) } }),
    });
    options.onProgress?.(i + 1, scenes.length);
  }
  const galleries = Math.max(1, Math.floor(embedded.length / GALLERY));
  const mixed = Array.from({ length: galleries }, (_, g) => embedded.slice(g * GALLERY, (g + 1) * GALLERY));
  const alike = MODALITIES.map((modality) => embedded.filter(({ scene }) => scene.modality === modality));
  return [
    ...mixed.flatMap((gallery) => lookUps(gallery, ["caption", "image", "retaken"])),
    ...alike.flatMap((gallery) => lookUps(gallery, ["caption-modality", "image-modality", "retaken-modality"])),
    ...embedded.flatMap(againstChanged),
  ];
}

type Groups = [caption: RetrievalGroup, image: RetrievalGroup, retaken: RetrievalGroup];

function lookUps(gallery: readonly Embedded[], [caption, image, retaken]: Groups): Found[] {
  const isRight = (query: number, candidate: number) => gallery[query].caption === gallery[candidate].caption;
  const found = (group: RetrievalGroup, from: "image" | "words", to: "image" | "words" | "retaken") =>
    ranksOf(gallery.map((each) => each[from]), gallery.map((each) => each[to]), isRight) // prettier-ignore
      .map((rank, i) => ({ group, cluster: gallery[i].cluster, rank, candidates: gallery.length }));
  return [...found(caption, "image", "words"), ...found(image, "words", "image"), ...found(retaken, "image", "retaken")]; // prettier-ignore
}

function againstChanged({ cluster, image, words, retaken, changed }: Embedded): Found[] {
  if (!changed) return [];
  const found = (group: RetrievalGroup, right: Float32Array, wrong: Float32Array): Found => ({
    group,
    cluster,
    rank: similarity(image, right) > similarity(image, wrong) ? 0 : 1,
    candidates: 2,
  });
  return [found("caption-changed", words, changed.words), found("retaken-changed", retaken, changed.image)];
}
