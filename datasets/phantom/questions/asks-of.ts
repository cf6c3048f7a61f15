import { neighbours as nextTo } from "../world/sample-scene-neighbours.ts";
import type { Scene } from "../world/scene.ts";
import type { Ask } from "./ask.ts";
import { portabilityAsks } from "./portability-asks.ts";
import { type Neighbours, visualAsks } from "./visual-asks.ts";

/** Everything that a scene can be asked and has exactly one answer to, in a fixed order. */
export const asksOf = (scene: Scene, neighbours: Neighbours = nextTo): Ask[] => [
  ...visualAsks(scene, neighbours),
  ...portabilityAsks(scene),
];
