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

/** Shares of what is seen where. Result: row-major [64, classes], each value 0 to 1. */
export function denseTargets(scene: Scene, entities: readonly EntityMask[]): Float32Array {
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
  return out;
}
