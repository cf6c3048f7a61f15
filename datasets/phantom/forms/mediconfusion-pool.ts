import { throwIfCancelled } from "../../../kernels/errors.ts";
import { random } from "../../../kernels/random.ts";
import type { RgbImage } from "../../image.ts";
import { render } from "../render/index.ts";
import { type Change, withChange } from "../world/sample-scene-change.ts";
import { sampleScene } from "../world/sample-scene.ts";
import type { Scene } from "../world/scene.ts";
import { FINDINGS, type Modality, MODALITIES } from "../world/vocabulary.ts";
import { detailOf, detailSimilarity } from "./mediconfusion-detail.ts";
import { type Difference, differences } from "./mediconfusion-questions.ts";
import { placeSimilarity } from "./mediconfusion-similarity.ts";
import { exportSeed } from "./splits.ts";

/** A scene and the same one with one attribute of one finding changed, and how alike two views see their images. */
export interface Candidate {
  scenes: [Scene, Scene];
  modality: Modality;
  change: Change;
  /** Questions that tell the two apart; at least one. */
  found: Difference[];
  /** How alike the vision encoder sees them: see `placeSimilarity`. */
  encoder: number;
  /** How alike their gradients are: see `detailSimilarity`. */
  detail: number;
}

export interface PoolOptions {
  seed: number;
  /** Scenes drawn; the modalities take turns. */
  scenes: number;
  /** What a vision encoder makes of each place of an image: [places][hidden]. */
  encode: (image: RgbImage) => Promise<Float32Array[]>;
  signal?: AbortSignal;
  /** Called after every scene. */
  onProgress?: (done: number, total: number) => void;
}

/** Draws scenes and encodes each with all that one change makes of it. Throws: ExportSeedError; CancelledError; what `encode` throws. */
export async function confusionPool(options: PoolOptions): Promise<Candidate[]> {
  const { seed, scenes, encode, signal, onProgress } = options;
  const seen = async (scene: Scene) => {
    throwIfCancelled(signal, "mining confusion pairs");
    const { image } = render(scene);
    return { features: await encode(image), detail: detailOf(image) };
  };
  const pool: Candidate[] = [];
  for (let i = 0; i < scenes; i++) {
    const modality = MODALITIES[i % MODALITIES.length];
    const scene = subtleScene(exportSeed("mediconfusion", "test", seed, i), modality);
    const one = await seen(scene);
    const candidates = changesOf(scene).map(async (change): Promise<Candidate[]> => {
      const changed = withChange(scene, change);
      const found = changed ? differences(scene, changed) : [];
      if (!changed || found.length === 0) return [];
      const two = await seen(changed);
      const encoder = placeSimilarity(one.features, two.features);
      const detail = detailSimilarity(one.detail, two.detail);
      return [{ scenes: [scene, changed], modality, change, found, encoder, detail }];
    });
    // One is drawn while another is encoded.
    pool.push(...(await Promise.all(candidates)).flat());
    onProgress?.(i + 1, scenes);
  }
  return pool;
}

/** Most findings of a scene. */
const MOST_FINDINGS = 3;

/** A scene whose findings are all small and faint, one to three of them: what is large or marked is seldom overlooked. */
function subtleScene(seed: number, modality: Modality): Scene {
  const stream = random(~seed);
  const kinds = stream.shuffle(FINDINGS).slice(0, 1 + stream.below(MOST_FINDINGS));
  const exactly = kinds.map((kind) => ({ kind, size: "small" as const, severity: "mild" as const }));
  return sampleScene(seed, { modality, findings: { exactly } });
}

/**
 * Changes of one finding that leave everything else where it is: another kind in its place, one lesion less, large, marked, or gone. No
 * change of side or level: an encoder that keeps places apart sees every move.
 */
function changesOf({ findings }: Scene): Change[] {
  const absent = FINDINGS.filter((kind) => findings.every((finding) => finding.kind !== kind));
  return findings.flatMap(({ kind: entity, lesions }): Change[] => [
    ...absent.map((to) => ({ entity, attribute: "kind" as const, to })),
    ...(lesions.length > 1 ? [{ entity, attribute: "count" as const, to: lesions.length - 1 }] : []),
    ...(["size", "severity", "presence"] as const).map((attribute) => ({ entity, attribute })),
  ]);
}
