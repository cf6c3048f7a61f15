import { random } from "../../../kernels/random.ts";
import { drawCore, drawPlan, refuseContradictions } from "./sample-scene-plan.ts";
import { placePlan } from "./sample-scene-place.ts";
import { SceneImpossibleError } from "./sample-scene-wanted.ts";
import type { Wanted } from "./sample-scene-wanted.ts";
import { MODALITIES, organsOf } from "./vocabulary.ts";
import type { Modality } from "./vocabulary.ts";
import type { Scene } from "./scene.ts";

/** Attempts to place what was drawn before all of it is drawn anew, and how often that is done before giving up. */
const PLACEMENTS = 60;
const CORES = 60;

/**
 * Draws a scene. One seed and one wish give one scene.
 *
 * Throws: SceneImpossibleError when the wish contradicts itself or the world, or when no place was found for what it asks.
 */
export function sampleScene(seed: number, wanted: Wanted = {}): Scene {
  refuseContradictions(wanted);
  const stream = random(seed);
  const modality = wanted.modality ?? stream.pick(possibleModalities(wanted));
  for (let cores = 0; cores < CORES; cores++) {
    const core = drawCore(stream, wanted, modality);
    for (let i = 0; i < PLACEMENTS; i++) {
      const world = placePlan(stream, drawPlan(stream, wanted, core));
      if (world) return { seed, ...world };
    }
  }
  throw new SceneImpossibleError(
    `sampleScene: no place found in ${CORES * PLACEMENTS} attempts for ${JSON.stringify(wanted)} in ${modality}. Ask for fewer or smaller lesions, or leave "inside", "crosses" or "covers" open.`,
  );
}

function possibleModalities(wanted: Wanted): readonly Modality[] {
  const possible = MODALITIES.filter((modality) => {
    try {
      refuseContradictions({ ...wanted, modality });
      return true;
    } catch (error) {
      if (error instanceof SceneImpossibleError) return false;
      throw error;
    }
  });
  if (possible.length === 0)
    throw new SceneImpossibleError(
      `sampleScene: no modality shows all of ${JSON.stringify(wanted)}. Body organs, fundus (${organsOf("fundus").join(", ")}) and histology (${organsOf("histology").join(", ")}) never stand together.`,
    );
  return possible;
}
