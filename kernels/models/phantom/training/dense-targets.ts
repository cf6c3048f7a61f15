import { COUNTS } from "../../../../datasets/phantom/questions/visual-asks.ts";
import {
  DEVICES,
  FINDINGS,
  LEVELS,
  MODALITIES,
  ORGANS,
  SEVERITIES,
  SIDES,
  SIZES,
} from "../../../../datasets/phantom/world/vocabulary.ts";
import type { EntityMask, Scene } from "../../../../datasets/phantom/world/scene.ts";
import { float32 } from "../../../tensor.ts";
import type { Tensor } from "../../../tensor.ts";
import { IMAGE_TOKENS, PHANTOM } from "../config.ts";

/**
 * What the first stage learns to see in each of the 64 places of 16 x 16 pixels: what is there, what holds of the finding that is there,
 * and where the place lies. These are the words of most answers.
 */
export const DENSE_CLASSES = [
  ...FINDINGS, ...DEVICES, ...ORGANS, ...SIZES, ...SEVERITIES, ...COUNTS, ...SIDES, ...LEVELS, ...MODALITIES,
] as const; // prettier-ignore

const INDEX = new Map<string, number>(DENSE_CLASSES.map((name, i) => [name, i]));
/** Pixels of an entity that make a place show it: a thin line crosses a place with a few, an organ fills it. */
const ENOUGH = 16;

/** Groups of classes of which a place shows some or none. */
const GROUPS = [[...FINDINGS, ...SIZES, ...SEVERITIES, ...COUNTS], DEVICES, ORGANS].map((group) =>
  group.map((name) => INDEX.get(name)!),
);
/** Weight of a group's classes where a place shows none of them: most places do, and they say little about telling kinds apart. */
const EMPTY = 0.05;

/** What one image teaches. Both row-major [64, classes]. */
export interface DenseTargets {
  /** Shares of what is seen where, each 0 to 1. */
  values: Float32Array;
  /** Weight of each in the loss. */
  weights: Float32Array;
}

export function denseTargets(scene: Scene, entities: readonly EntityMask[]): DenseTargets {
  const size = PHANTOM.image;
  const side = Math.sqrt(IMAGE_TOKENS);
  const cell = size / side;
  const count = DENSE_CLASSES.length;
  const out = new Float32Array(IMAGE_TOKENS * count);
  for (let place = 0; place < IMAGE_TOKENS; place++) {
    const where = [SIDES[place % side < side / 2 ? 0 : 1], LEVELS[place < IMAGE_TOKENS / 2 ? 0 : 1]];
    for (const name of [scene.modality, ...where]) out[place * count + INDEX.get(name)!] = 1;
  }
  const covered = new Float32Array(IMAGE_TOKENS);
  for (const { kind, box, mask } of entities) {
    covered.fill(0);
    for (let y = box.y; y < box.y + box.height; y++)
      for (let x = box.x; x < box.x + box.width; x++)
        if (mask[y * size + x]) covered[Math.floor(y / cell) * side + Math.floor(x / cell)]++;
    const finding = scene.findings.find((each) => each.kind === kind);
    const classes = [
      kind,
      ...(finding ? [finding.size, finding.severity, COUNTS[finding.lesions.length - 1]] : []),
    ].map((name) => INDEX.get(name)!);
    for (let place = 0; place < IMAGE_TOKENS; place++) {
      const share = Math.min(1, covered[place] / ENOUGH);
      for (const each of classes) out[place * count + each] = Math.max(out[place * count + each], share);
    }
  }
  const weights = new Float32Array(out.length).fill(EMPTY);
  for (const group of GROUPS)
    for (let place = 0; place < IMAGE_TOKENS; place++) {
      const shown = Math.max(...group.map((each) => out[place * count + each]));
      for (const each of group) weights[place * count + each] = Math.max(EMPTY, shown);
    }
  return { values: out, weights };
}

/** Feeds of the dense loss: `dense_targets` and `dense_weights` [images, 64, classes]. */
export function denseFeeds(images: readonly DenseTargets[]): Record<"dense_targets" | "dense_weights", Tensor> {
  const joined = (key: keyof DenseTargets) => {
    const all = new Float32Array(images.length * images[0][key].length);
    images.forEach((image, i) => all.set(image[key], i * image[key].length));
    return float32(all, [images.length, IMAGE_TOKENS, DENSE_CLASSES.length]);
  };
  return { dense_targets: joined("values"), dense_weights: joined("weights") };
}
