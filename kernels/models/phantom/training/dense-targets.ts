import {
  DEVICES,
  FINDINGS,
  MODALITIES,
  ORGANS,
  SEVERITIES,
  SIZES,
} from "../../../../datasets/phantom/world/vocabulary.ts";
import type { EntityMask, Scene } from "../../../../datasets/phantom/world/scene.ts";
import { IMAGE_TOKENS, PHANTOM } from "../config.ts";

/** What the first stage learns to see in each of the 64 places of 16 x 16 pixels. */
export const DENSE_CLASSES = [...FINDINGS, ...DEVICES, ...ORGANS, ...SIZES, ...SEVERITIES, ...MODALITIES] as const;

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
  const modality = INDEX.get(scene.modality)!;
  for (let place = 0; place < IMAGE_TOKENS; place++) out[place * count + modality] = 1;
  const covered = new Float32Array(IMAGE_TOKENS);
  for (const { kind, box, mask } of entities) {
    covered.fill(0);
    for (let y = box.y; y < box.y + box.height; y++)
      for (let x = box.x; x < box.x + box.width; x++)
        if (mask[y * size + x]) covered[Math.floor(y / cell) * side + Math.floor(x / cell)]++;
    const finding = scene.findings.find((each) => each.kind === kind);
    const classes = [kind, ...(finding ? [finding.size, finding.severity] : [])].map((name) => INDEX.get(name)!);
    for (let place = 0; place < IMAGE_TOKENS; place++) {
      const share = Math.min(1, covered[place] / ENOUGH);
      for (const each of classes) out[place * count + each] = Math.max(out[place * count + each], share);
    }
  }
  return out;
}
