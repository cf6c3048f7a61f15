import { blur } from "../blur.ts";
import { contrastOf, patientStream } from "../look.ts";
import type { Look, Sheet } from "../look.ts";
import { clouds, grain } from "../noise.ts";
import { circle, ellipse, rectangle, smoothStep } from "../shapes/signed-distance.ts";
import { CT_BODY, CT_SPINE, anatomy } from "../shapes/visible-field.ts";

const LEVELS = [0.22, 0.5, 0.55];

/** An axial section: skin, fat and muscle in an oval body on black, a vertebra at the back, the table below, faint streaks. */
export function ct({ size, scene, stream, planes: [plane] }: Sheet): Look {
  const { view } = scene;
  const toAnatomy = anatomy(view);
  return {
    background() {
      const tissue = clouds(size, 14, stream);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const { x: u, y: v } = toAnatomy((x + 0.5) / size, (y + 0.5) / size);
          const i = y * size + x;
          const body = ellipse(u, v, CT_BODY.a, CT_BODY.b);
          let value = 0.015;
          if (body < 0.012) {
            const fat = smoothStep(-0.008, -0.014, body);
            const muscle = smoothStep(-0.03, -0.036, body);
            value += smoothStep(0.006, -0.002, body) * (0.52 - 0.34 * fat + 0.17 * muscle);
            if (muscle > 0) value += 0.012 * tissue[i];
            value += vertebra(u, v - CT_SPINE.y) * (0.92 - value);
          } else if (v > 0.4) {
            // The table is a thin shell that sags under the body.
            const table = Math.abs(v - 0.468 + 0.25 * u * u) - 0.006;
            value += 0.45 * smoothStep(0.006, -0.002, table) * smoothStep(0.44, 0.42, Math.abs(u));
          }
          plane[i] = value;
        }
    },
    organSoftness: 1.2,
    organ({ kind }) {
      const tone = patientStream(scene, kind);
      const level = tone.pick(LEVELS) + tone.between(-0.02, 0.02);
      return (i, coverage, distance) => {
        const capsule = 0.05 * smoothStep(-2.5, -1, distance);
        plane[i] += (level + capsule - plane[i]) * coverage;
      };
    },
    finding(finding) {
      const density = 0.34 * contrastOf(finding);
      return (i, coverage) => (plane[i] += density * coverage);
    },
    device: () => (i, coverage) => (plane[i] += (1.2 - plane[i]) * coverage),
    finish() {
      blur(plane, size, view.blur);
      const noise = grain(size * size, stream);
      const rays = grain(4 * size, stream);
      const angle = stream.between(0, Math.PI);
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const i = y * size + x;
          if (plane[i] < 0.06) {
            plane[i] += 0.3 * view.noise * noise[i];
            continue;
          }
          const ray = rays[2 * size + Math.floor(x * cos + y * sin)];
          plane[i] += view.noise * (noise[i] + 0.55 * ray);
        }
    },
  };
}

/** A block of bone with a dark canal and processes, 0 to 1. */
function vertebra(u: number, v: number): number {
  if (Math.abs(u) > 0.13 || v < -0.09 || v > 0.11) return 0;
  const block = circle(u, v + 0.025, 0.052);
  const canal = circle(u, v - 0.045, 0.02);
  const arch = circle(u, v - 0.045, 0.034);
  const processes = Math.min(
    rectangle(Math.abs(u) - 0.05, v - 0.04, 0.035, 0.01, 0.008),
    rectangle(u, v - 0.075, 0.009, 0.02, 0.006),
  );
  const bone = Math.max(Math.min(block, arch, processes), -canal);
  return smoothStep(0.005, -0.005, bone) * (0.85 + 0.15 * smoothStep(-0.03, -0.01, block));
}
