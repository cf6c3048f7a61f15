import { throwIfCancelled } from "../../../kernels/errors.ts";
import { random, type Random } from "../../../kernels/random.ts";
import type { RgbImage } from "../../image.ts";
import { render } from "../render/index.ts";
import { type Change, withChange } from "../world/sample-scene-change.ts";
import { sampleScene } from "../world/sample-scene.ts";
import type { Scene } from "../world/scene.ts";
import { FINDINGS, type Modality, MODALITIES } from "../world/vocabulary.ts";
import { detailOf } from "./mediconfusion-detail.ts";
import { exportSeed, MAX_INDEX } from "./splits.ts";

/** A scene with what the two views say about its image. */
export interface PoolImage {
  scene: Scene;
  /** What the vision encoder makes of it, any length. */
  features: Float32Array;
  detail: Float32Array;
}

/** A scene, and the same one with one attribute changed, where a readable one was found. */
export interface PoolEntry {
  image: PoolImage;
  counterpart?: { image: PoolImage; change: Change };
}

export interface PoolOptions {
  seed: number;
  /** Scenes of each modality; about as many counterparts come to them. */
  perModality: number;
  encode: (image: RgbImage) => Promise<Float32Array>;
  signal?: AbortSignal;
  /** Called after every scene. */
  onProgress?: (done: number, total: number) => void;
}

/** Draws and encodes the images among which pairs are looked for. Throws: ExportSeedError; CancelledError; what `encode` throws. */
export async function confusionPool(options: PoolOptions): Promise<Map<Modality, PoolEntry[]>> {
  const { seed, perModality, encode, signal, onProgress } = options;
  const stream = random(exportSeed("mediconfusion", "test", seed, MAX_INDEX));
  const seen = async (scene: Scene): Promise<PoolImage> => {
    throwIfCancelled(signal, "mining confusion pairs");
    const { image } = render(scene);
    return { scene, features: await encode(image), detail: detailOf(image) };
  };
  const pool = new Map<Modality, PoolEntry[]>(MODALITIES.map((modality) => [modality, []]));
  const total = MODALITIES.length * perModality;
  for (let i = 0; i < total; i++) {
    const modality = MODALITIES[i % MODALITIES.length];
    const scene = sampleScene(exportSeed("mediconfusion", "test", seed, i), { modality });
    const changed = counterpart(scene, Math.floor(i / MODALITIES.length), stream);
    const entry: PoolEntry = { image: await seen(scene) };
    if (changed) entry.counterpart = { image: await seen(changed.scene), change: changed.change };
    pool.get(modality)!.push(entry);
    onProgress?.(i + 1, total);
  }
  return pool;
}

const ATTRIBUTES = ["side", "count", "kind", "level", "presence", "size", "severity"] as const;

/** Each attribute has its turn first, so that none crowds out those that are harder to change. */
function counterpart(scene: Scene, turn: number, stream: Random): { scene: Scene; change: Change } | undefined {
  for (let i = 0; i < ATTRIBUTES.length; i++) {
    const attribute = ATTRIBUTES[(turn + i) % ATTRIBUTES.length];
    for (const change of stream.shuffle(changesOf(scene, attribute))) {
      const changed = withChange(scene, change);
      if (changed) return { scene: changed, change };
    }
  }
  return undefined;
}

function changesOf({ findings, devices }: Scene, attribute: (typeof ATTRIBUTES)[number]): Change[] {
  const found = findings.map(({ kind }) => kind);
  const placed = devices.map(({ kind }) => kind);
  switch (attribute) {
    case "side":
    case "level":
      return [...found, ...placed].map((entity) => ({ entity, attribute }));
    case "kind":
      return [...found, ...placed].map((entity) => ({ entity, attribute }));
    case "presence":
      return [...FINDINGS, ...placed].map((entity) => ({ entity, attribute }));
    default:
      return found.map((entity) => ({ entity, attribute }));
  }
}
