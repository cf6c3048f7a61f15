import { blur } from "../blur.ts";
import { mix } from "../colour.ts";
import type { Colour } from "../colour.ts";
import { contrastOf } from "../look.ts";
import type { Look, Sheet } from "../look.ts";
import { clouds, grain } from "../noise.ts";
import { organDistance } from "../shapes/organ-shapes.ts";
import { ellipse, smoothStep } from "../shapes/signed-distance.ts";
import { anatomy, fieldOutline } from "../shapes/visible-field.ts";
import { stamp } from "../stamp.ts";

const NUCLEUS: Colour = [0.5, 0.3, 0.62];
const PIGMENT: Colour = [0.13, 0.02, 0.3];
const LUMEN: Colour = [0.98, 0.94, 0.96];
const WALL: Colour = [0.72, 0.42, 0.68];
const FIBRE: Colour = [0.94, 0.5, 0.66];

/** A stained section: pink tissue with purple nuclei on white, a gland as a ring of cells, fibres in a band. */
export function histology({ size, scene, stream, planes }: Sheet): Look {
  const { view } = scene;
  const toAnatomy = anatomy(view);
  const cells = clouds(size, 30, stream);
  /** Nuclei stay out of organs, which have their own, and away from lesions. */
  const crowded = (x: number, y: number) =>
    scene.organs.some((organ) => organDistance(organ)(x, y) < 0.02) ||
    scene.findings.some(({ lesions, radius }) =>
      lesions.some((at) => Math.hypot(at.x - x, at.y - y) < radius * 1.12 + 0.022),
    );

  const nucleus = (x: number, y: number, length: number, width: number, angle: number, strength: number) => {
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const distance = (px: number, py: number) =>
      ellipse((px - x) * cos + (py - y) * sin, (py - y) * cos - (px - x) * sin, length, width);
    stamp(size, { x, y }, length + 0.01, distance, 1.2, (i, coverage) => mix(planes, i, NUCLEUS, strength * coverage));
  };

  return {
    background() {
      const stain = clouds(size, 7, stream);
      const [red, green, blue] = planes;
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const { x: u, y: v } = toAnatomy((x + 0.5) / size, (y + 0.5) / size);
          const i = y * size + x;
          const edge = fieldOutline.histology(u, v) + 0.008 * stain[i];
          const tissue = smoothStep(0.006, -0.006, edge);
          const tone = 0.025 * stain[i] + 0.02 * cells[i];
          red[i] = 0.97 - tissue * (0.05 + 0.3 * tone);
          green[i] = 0.96 - tissue * (0.26 + tone);
          blue[i] = 0.97 - tissue * (0.13 + 0.5 * tone);
        }
      const spacing = 0.062;
      for (let gy = 0.05; gy < 0.96; gy += spacing)
        for (let gx = 0.05; gx < 0.96; gx += spacing) {
          const x = gx + stream.between(-0.024, 0.024);
          const y = gy + stream.between(-0.024, 0.024);
          const length = stream.between(0.011, 0.016);
          const angle = stream.between(0, Math.PI);
          const at = toAnatomy(x, y);
          if (crowded(x, y) || fieldOutline.histology(at.x, at.y) > -0.02) continue;
          nucleus(x, y, length, length * stream.between(0.65, 0.95), angle, stream.between(0.6, 0.85));
        }
    },
    organSoftness: 1.4,
    organ(organ) {
      const { kind, centre, radius, angle } = organ;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      if (kind === "glandor")
        return (i, coverage, distance) => {
          const lumen = smoothStep(-0.034 * size, -0.042 * size, distance);
          mix(planes, i, WALL, coverage * (1 - lumen) * 0.85);
          mix(planes, i, LUMEN, lumen);
          // The nuclei of the wall stand side by side around the lumen.
          const x = ((i % size) + 0.5) / size - centre.x;
          const y = (Math.floor(i / size) + 0.5) / size - centre.y;
          const turn = Math.atan2(y, x);
          const count = Math.round((2 * Math.PI * radius) / 0.048);
          const cell = Math.cos(turn * count);
          mix(
            planes,
            i,
            NUCLEUS,
            coverage *
              (1 - lumen) *
              smoothStep(-0.2, 0.5, cell) *
              smoothStep(0.014 * size, 0.008 * size, Math.abs(distance + 0.018 * size)),
          );
        };
      return (i, coverage) => {
        const x = ((i % size) + 0.5) / size - centre.x;
        const y = (Math.floor(i / size) + 0.5) / size - centre.y;
        const along = x * cos + y * sin;
        const across = y * cos - x * sin;
        const wave = Math.sin(2 * Math.PI * (across / 0.034 + 0.35 * Math.sin(along * 22) + 0.12 * cells[i]));
        mix(planes, i, FIBRE, coverage * 0.75);
        mix(planes, i, LUMEN, coverage * 0.45 * smoothStep(0.35, 0.95, wave));
      };
    },
    finding(finding) {
      const strength = 0.95 * contrastOf(finding);
      return (i, coverage) => mix(planes, i, PIGMENT, strength * coverage);
    },
    device: () => () => undefined,
    finish() {
      for (const plane of planes) {
        blur(plane, size, view.blur);
        const noise = grain(size * size, stream);
        for (let i = 0; i < plane.length; i++) plane[i] += 0.6 * view.noise * noise[i];
      }
    },
  };
}
