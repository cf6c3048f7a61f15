import { blur } from "../blur.ts";
import { contrastOf, patientStream } from "../look.ts";
import type { Look, Sheet } from "../look.ts";
import { clouds, grain } from "../noise.ts";
import { ellipse, smoothStep } from "../shapes/signed-distance.ts";
import { MR_BODY, anatomy } from "../shapes/visible-field.ts";

const LEVELS = [0.18, 0.21, 0.52, 0.56];

/** A section with strong contrast of soft tissue: a bright rim of fat, a dark ring of bone, the shading of the receiving coil. */
export function mr({ size, scene, stream, planes: [plane] }: Sheet): Look {
  const { view } = scene;
  const toAnatomy = anatomy(view);
  return {
    background() {
      const folds = clouds(size, 11, stream);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const { x: u, y: v } = toAnatomy((x + 0.5) / size, (y + 0.5) / size);
          const i = y * size + x;
          const body = ellipse(u, v, MR_BODY.a, MR_BODY.b);
          if (body > 0.01) {
            plane[i] = 0.02;
            continue;
          }
          const bone = smoothStep(-0.034, -0.04, body) * smoothStep(-0.062, -0.055, body);
          const within = smoothStep(-0.055, -0.062, body);
          const tissue = 0.34 + 0.03 * folds[i] + 0.1 * smoothStep(-0.09, -0.065, body);
          const rim = 0.82 * smoothStep(0.004, -0.006, body);
          plane[i] = (rim * (1 - bone) + 0.05 * bone) * (1 - within) + tissue * within;
          // The cleft between two halves.
          plane[i] -=
            within * 0.13 * smoothStep(0.011, 0.004, Math.abs(u + 0.006 * folds[i])) * smoothStep(-0.05, -0.1, body);
        }
    },
    organSoftness: 1.4,
    organ({ kind }) {
      const tone = patientStream(scene, kind);
      const level = tone.pick(LEVELS) + tone.between(-0.02, 0.02);
      const edge = level < 0.3 ? 0.1 : -0.16;
      return (i, coverage, distance) => {
        plane[i] += (level + edge * smoothStep(-2.2, -1, distance) - plane[i]) * coverage;
      };
    },
    finding(finding) {
      const signal = 0.38 * contrastOf(finding);
      return (i, coverage) => (plane[i] += signal * coverage);
    },
    // Metal gives no signal and piles that of its surroundings up beside it.
    halo: { width: 1.5, visit: (i, coverage) => (plane[i] += Math.max(0, 0.6 - plane[i]) * 0.85 * coverage) },
    device: () => (i, coverage) => (plane[i] -= (plane[i] + 0.02) * Math.min(1, 1.15 * coverage)),
    finish() {
      blur(plane, size, view.blur);
      const noise = grain(size * size, stream);
      const angle = stream.between(0, 2 * Math.PI);
      const slope = stream.between(0.05, 0.3);
      const cos = (Math.cos(angle) * slope) / size;
      const sin = (Math.sin(angle) * slope) / size;
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const i = y * size + x;
          const coil = 1 + cos * (x - size / 2) + sin * (y - size / 2);
          // The magnitude of a complex signal: noise never makes it negative.
          plane[i] = Math.abs(plane[i] * coil + view.noise * noise[i]);
        }
    },
  };
}
