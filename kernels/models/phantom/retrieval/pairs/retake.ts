import type { Scene, View } from "../../../../../datasets/phantom/world/scene.ts";

/**
 * The same anatomy, findings and devices taken a second time: texture and noise from another seed, exposure, contrast and blur of another
 * view. Rotation and field of view stay, because the places of the scene follow from them.
 */
export const retake = (scene: Scene, seed: number, { exposure, contrast, noise, blur }: View): Scene => ({
  ...scene,
  seed,
  view: { ...scene.view, exposure, contrast, noise, blur },
});
