import { blur } from "../blur.ts";
import { contrastOf, patientStream } from "../look.ts";
import type { Look, Sheet } from "../look.ts";
import { clouds, grain } from "../noise.ts";
import { ellipse, rectangle, smoothStep } from "../shapes/signed-distance.ts";
import { COLLIMATION, anatomy } from "../shapes/visible-field.ts";

const RIB_SPACING = 0.115;

/** A projection: shadows add up. Dark lung fields between bright ribs and a spine, in a collimated field on black. */
export function radiograph({ size, scene, stream, planes: [plane] }: Sheet): Look {
  const { view } = scene;
  const toAnatomy = anatomy(view);
  const inField = new Float32Array(size * size);
  return {
    background() {
      const haze = clouds(size, 6, stream);
      const ribs = patientStream(scene, "ribs").between(0, RIB_SPACING);
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const { x: u, y: v } = toAnatomy((x + 0.5) / size, (y + 0.5) / size);
          const i = y * size + x;
          inField[i] = smoothStep(0.004, -0.006, rectangle(u, v, COLLIMATION.a, COLLIMATION.b, COLLIMATION.round));
          if (inField[i] === 0) continue;
          const aside = Math.abs(u);
          // Lungs reach from the apex to the domes of the diaphragm.
          const lung = smoothStep(
            0.05,
            -0.035,
            Math.max(ellipse(aside - 0.225, v + 0.04, 0.165, 0.4), v - 0.3 - 0.9 * (aside - 0.2) ** 2),
          );
          const torso = smoothStep(0.03, -0.04, ellipse(u, v - 0.12, 0.52, 0.78));
          const rib = pulse((v + 0.5 + ribs + 0.75 * (aside - 0.24) ** 2 * 4 + aside * 0.25) / RIB_SPACING);
          const ribbed = smoothStep(0.05, 0.09, aside) * smoothStep(0.45, 0.4, aside) * smoothStep(0.38, 0.28, v);
          const spine = smoothStep(0.075, 0.045, aside) * (0.1 + 0.035 * pulse((v + ribs) / 0.09));
          const clavicle = smoothStep(0.02, 0.008, Math.abs(v + 0.4 + 0.12 * aside)) * smoothStep(0.04, 0.08, aside);
          plane[i] =
            torso * (0.44 - 0.24 * lung + 0.055 * rib * ribbed + spine + 0.06 * clavicle) + 0.03 + 0.02 * haze[i];
        }
    },
    organSoftness: 3,
    organ: () => (i, coverage, distance) => {
      // A shadow is densest where the beam runs along a wall.
      plane[i] += 0.13 * coverage + 0.06 * smoothStep(-5, -1, distance) * coverage;
    },
    finding(finding) {
      const density = 0.4 * contrastOf(finding);
      return (i, coverage) => (plane[i] += density * coverage);
    },
    device: () => (i, coverage) => (plane[i] += (1.15 - plane[i]) * coverage),
    finish() {
      blur(plane, size, view.blur);
      const noise = grain(size * size, stream);
      for (let i = 0; i < plane.length; i++) plane[i] = 0.015 + inField[i] * (plane[i] + 0.8 * view.noise * noise[i]);
    },
  };
}

/** A band around every whole number, 0 to 1. */
function pulse(t: number): number {
  const off = Math.abs(t - Math.floor(t) - 0.5);
  return smoothStep(0.3, 0.2, off);
}
