import { type Change, withChange } from "../../../../../datasets/phantom/world/sample-scene-change.ts";
import type { Scene } from "../../../../../datasets/phantom/world/scene.ts";
import type { Random } from "../../../../random.ts";

const OF_FINDINGS = ["side", "level", "size", "severity", "count", "kind"] as const;
const OF_DEVICES = ["side", "level", "kind"] as const;

/** Changes that are tried before giving up: some cannot be drawn. */
const TRIES = 4;

/** The scene with one attribute of one finding or device changed, or undefined where nothing could be changed in a few tries. */
export function changeSomething(scene: Scene, random: Random): Scene | undefined {
  const changes: Change[] = [
    ...scene.findings.flatMap(({ kind }) => OF_FINDINGS.map((attribute) => ({ entity: kind, attribute }) as Change)),
    ...scene.devices.flatMap(({ kind }) => OF_DEVICES.map((attribute) => ({ entity: kind, attribute }) as Change)),
  ];
  for (const change of random.shuffle(changes).slice(0, TRIES)) {
    const changed = withChange(scene, change);
    if (changed) return changed;
  }
  return undefined;
}
