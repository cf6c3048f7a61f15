import { random } from "../../../kernels/random.ts";
import type { RgbImage } from "../../image.ts";
import type { EntityKind, EntityMask, Scene } from "../world/scene.ts";
import type { Modality } from "../world/vocabulary.ts";
import type { Look, Sheet } from "./look.ts";
import { ct } from "./modalities/ct.ts";
import { fundus } from "./modalities/fundus.ts";
import { histology } from "./modalities/histology.ts";
import { mr } from "./modalities/mr.ts";
import { radiograph } from "./modalities/radiograph.ts";
import { ultrasound } from "./modalities/ultrasound.ts";
import { deviceStrokes } from "./shapes/device-strokes.ts";
import { lesionDistances } from "./shapes/finding-shapes.ts";
import { organDistance } from "./shapes/organ-shapes.ts";
import { coverStrokes, stamp } from "./stamp.ts";
import { toneMap } from "./tone-map.ts";

const looks: Record<Modality, (sheet: Sheet) => Look> = { radiograph, ct, mr, ultrasound, fundus, histology };

/** A picture and what is seen in it. */
export interface Rendering {
  image: RgbImage;
  /** The organs, findings and devices of the scene, in this order. */
  entities: EntityMask[];
}

/**
 * Draws a scene as its modality shows it. The same scene and size give the same bytes.
 *
 * @param size Side of the square picture in pixels; details are meant for 128 and finer.
 */
export function render(scene: Scene, size = 128): Rendering {
  const count = scene.modality === "fundus" || scene.modality === "histology" ? 3 : 1;
  const planes = Array.from({ length: count }, () => new Float32Array(size * size));
  const sheet: Sheet = { size, scene, stream: random(scene.seed ^ 0x5ce9e), planes };
  const look = looks[scene.modality](sheet);
  // The entity in front, per pixel: 1 for the first one.
  const front = new Uint8Array(size * size);
  const kinds: EntityKind[] = [];

  look.background();
  for (const organ of scene.organs) {
    const label = kinds.push(organ.kind);
    const visit = look.organ(organ);
    const reach = organ.radius * 1.05 + look.organSoftness / size;
    stamp(size, organ.centre, reach, organDistance(organ), look.organSoftness, (index, coverage, distance) => {
      if (distance < 0) front[index] = label;
      visit(index, coverage, distance);
    });
  }
  for (const finding of scene.findings) {
    const label = kinds.push(finding.kind);
    const visit = look.finding(finding);
    lesionDistances(finding).forEach((distance, i) =>
      stamp(size, finding.lesions[i], finding.radius * 1.2 + 1 / size, distance, 1, (index, coverage, d) => {
        if (coverage >= 0.5) front[index] = label;
        visit(index, coverage, d);
      }),
    );
  }
  for (const device of scene.devices) {
    const label = kinds.push(device.kind);
    const visit = look.device(device);
    const strokes = deviceStrokes(device);
    if (look.halo) {
      const width = look.halo.width / size;
      const wide = strokes.map((stroke) => ({ ...stroke, halfWidth: stroke.halfWidth + width }));
      for (const [index, coverage] of coverStrokes(size, wide)) look.halo.visit(index, coverage, 0);
    }
    for (const [index, coverage] of coverStrokes(size, strokes)) {
      if (coverage >= 0.5) front[index] = label;
      visit(index, coverage, 0);
    }
  }
  look.finish();
  return {
    image: toneMap(planes, size, scene.view),
    entities: kinds.map((kind, i) => entityMask(kind, front, i + 1, size)),
  };
}

function entityMask(kind: EntityKind, front: Uint8Array, label: number, size: number): EntityMask {
  const mask = new Uint8Array(size * size);
  let [left, top, right, bottom] = [size, size, -1, -1];
  for (let i = 0; i < front.length; i++) {
    if (front[i] !== label) continue;
    mask[i] = 1;
    const x = i % size;
    const y = (i - x) / size;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const box =
    right < 0
      ? { x: 0, y: 0, width: 0, height: 0 }
      : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
  return { kind, box, mask };
}
