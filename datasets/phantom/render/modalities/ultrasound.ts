import { blur } from "../blur.ts";
import { contrastOf, patientStream } from "../look.ts";
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
    organ({ kind }) {
      const level = patientStream(scene, kind).pick(LEVELS);
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

/** Rays of the fan for one unit of slope, and the largest slope. */
const RAYS = 170;
const STEEPEST = 1.5;

/** What sound is left behind devices, 0 to 1: every ray is followed downwards from the apex of the fan. */
function shadows({ size, scene }: Sheet): Float32Array {
  const left = new Float32Array(size * size).fill(1);
  if (scene.devices.length === 0) return left;
  const metal = new Float32Array(size * size);
  for (const device of scene.devices)
    for (const [i, coverage] of coverStrokes(size, deviceStrokes(device))) metal[i] = coverage;
  const { rotation, field } = scene.view;
  const height = (0.5 - FAN.apex) * field;
  const apexX = (0.5 + height * Math.sin(rotation)) * size;
  const apexY = (0.5 - height * Math.cos(rotation)) * size;
  const rays = new Float32Array(2 * STEEPEST * RAYS + 1).fill(1);
  const ray = (x: number, y: number) => {
    const slope = (x + 0.5 - apexX) / (y + 0.5 - apexY);
    return Math.round((Math.max(-STEEPEST, Math.min(STEEPEST, slope)) + STEEPEST) * RAYS);
  };
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) left[y * size + x] = rays[ray(x, y)];
    for (let i = 0; i < rays.length; i++) rays[i] = Math.min(1, rays[i] + 0.004);
    for (let x = 0; x < size; x++) {
      if (metal[y * size + x] < 0.5) continue;
      const to = ray(x + 0.6, y);
      for (let i = ray(x - 0.6, y); i <= to; i++) rays[i] = Math.max(0.55, rays[i] * 0.75);
    }
  }
  // What stands in the shadow of its own upper part still echoes.
  for (let i = 0; i < left.length; i++) left[i] += (1 - left[i]) * metal[i];
  return left;
}
