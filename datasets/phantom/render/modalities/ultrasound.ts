import { blur } from "../blur.ts";
import { contrastOf } from "../look.ts";
import type { Look, Sheet } from "../look.ts";
import { clouds, grain } from "../noise.ts";
import { deviceStrokes } from "../shapes/device-strokes.ts";
import { smoothStep } from "../shapes/signed-distance.ts";
import { FAN, anatomy, fieldOutline } from "../shapes/visible-field.ts";
import { coverStrokes } from "../stamp.ts";

const LEVELS = [0.62, 0.66, 0.7];

/** A fan on black: speckle, echoes that fade with depth, bright walls, and shadow behind devices. Lesions echo less. */
export function ultrasound({ size, scene, stream, planes: [plane] }: Sheet): Look {
  const { view } = scene;
  const toAnatomy = anatomy(view);
  const inFan = new Float32Array(size * size);
  const depth = new Float32Array(size * size);
  return {
    background() {
      const layers = clouds(size, 5, stream);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const { x: u, y: v } = toAnatomy((x + 0.5) / size, (y + 0.5) / size);
          const i = y * size + x;
          inFan[i] = smoothStep(0.004, -0.004, fieldOutline.ultrasound(u, v));
          if (inFan[i] === 0) continue;
          const down = v + 0.5 - FAN.apex;
          depth[i] = (Math.sqrt(u * u + down * down) - FAN.near) / (FAN.far - FAN.near);
          const skin =
            0.35 * smoothStep(0.045, 0.02, depth[i]) + 0.14 * smoothStep(0.015, 0.005, Math.abs(depth[i] - 0.085));
          plane[i] = 0.45 + 0.035 * layers[i] + skin;
        }
    },
    organSoftness: 1.3,
    organ() {
      const level = stream.pick(LEVELS);
      return (i, coverage, distance) => {
        plane[i] += (level + 0.3 * smoothStep(-2.4, -1, distance) - plane[i]) * coverage;
      };
    },
    finding(finding) {
      const lost = 0.9 * contrastOf(finding);
      return (i, coverage) => (plane[i] *= 1 - lost * coverage);
    },
    device: () => (i, coverage) => (plane[i] += (1.5 - plane[i]) * coverage),
    finish() {
      const speckle = grain(size * size, stream);
      blur(speckle, size, 0.75, 0.35);
      const shadow = shadows({ size, scene, stream, planes: [plane] });
      const fading = stream.between(0.12, 0.3);
      for (let i = 0; i < plane.length; i++)
        plane[i] *= (1 + (0.13 + 3.5 * view.noise) * speckle[i]) * (1 - fading * depth[i]) * shadow[i];
      blur(plane, size, view.blur);
      for (let i = 0; i < plane.length; i++) plane[i] = 0.012 + 0.93 * inFan[i] * plane[i];
    },
  };
}

/** What sound is left behind devices, 0 to 1: each ray is followed from the probe downwards. */
function shadows({ size, scene }: Sheet): Float32Array {
  const left = new Float32Array(size * size).fill(1);
  const metal = new Float32Array(size * size);
  for (const device of scene.devices)
    for (const [i, coverage] of coverStrokes(size, deviceStrokes(device))) metal[i] = coverage;
  if (scene.devices.length === 0) return left;
  const apexY = FAN.apex * size;
  for (let y = 1; y < size; y++)
    for (let x = 0; x < size; x++) {
      // The pixel above on the way to the apex.
      const above = Math.round(x + (size / 2 - x) / (y - apexY));
      const from = (y - 1) * size + above;
      const blocked = metal[from] > 0.5 ? 0.6 : 1;
      left[y * size + x] = Math.max(0.55, Math.min(1, left[from] * blocked + 0.006));
    }
  for (let i = 0; i < left.length; i++) if (metal[i] > 0) left[i] += (1 - left[i]) * metal[i];
  return left;
}
