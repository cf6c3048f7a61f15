import type { Random } from "../../../../kernels/random.ts";
import type { Point } from "../../world/scene.ts";
import { blur } from "../blur.ts";
import { mix } from "../colour.ts";
import type { Colour } from "../colour.ts";
import { contrastOf, patientStream } from "../look.ts";
import type { Look, Sheet } from "../look.ts";
import { clouds, grain } from "../noise.ts";
import type { Stroke } from "../shapes/device-strokes.ts";
import { circle, smoothStep } from "../shapes/signed-distance.ts";
import { FUNDUS_RADIUS, anatomy } from "../shapes/visible-field.ts";
import { coverStrokes } from "../stamp.ts";

const VESSEL: Colour = [0.5, 0.1, 0.07];
const EXUDATE: Colour = [1.05, 1, 0.68];
const BLEEDING: Colour = [0.28, 0.02, 0.02];
const METAL: Colour = [0.75, 1.1, 1.25];

/** The back of an eye: an orange disc on black, vessels that branch from the bright aurel, the darker dusken. */
export function fundus({ size, scene, stream, planes }: Sheet): Look {
  const { view } = scene;
  const toAnatomy = anatomy(view);
  const inDisc = new Float32Array(size * size);
  return {
    background() {
      const pigment = clouds(size, 9, stream);
      const [red, green, blue] = planes;
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const { x: u, y: v } = toAnatomy((x + 0.5) / size, (y + 0.5) / size);
          const i = y * size + x;
          const disc = circle(u, v, FUNDUS_RADIUS);
          inDisc[i] = smoothStep(0.004, -0.006, disc);
          if (inDisc[i] === 0) continue;
          const shade = 1 - 0.22 * smoothStep(-0.3, 0, disc) + 0.03 * pigment[i];
          red[i] = 0.8 * shade;
          green[i] = 0.36 * shade + 0.012 * pigment[i];
          blue[i] = 0.13 * shade;
        }
      const aurel = scene.organs.find(({ kind }) => kind === "aurel");
      const dusken = scene.organs.find(({ kind }) => kind === "dusken");
      const growth = patientStream(scene, "vessels");
      const root = aurel?.centre ?? { x: growth.chance(0.5) ? 0.03 : 0.97, y: growth.between(0.4, 0.6) };
      const vessels = coverStrokes(size, vesselTree(root, dusken?.centre, growth), 1.4);
      for (const [i, coverage] of vessels) mix(planes, i, VESSEL, 0.6 * coverage);
    },
    organSoftness: 3,
    organ({ kind }) {
      const colour: Colour = kind === "aurel" ? [0.98, 0.76, 0.4] : [0.5, 0.17, 0.07];
      return (i, coverage, distance) => {
        const depth = kind === "aurel" ? 0.88 : 0.6 + 0.3 * smoothStep(0, -14, distance);
        mix(planes, i, colour, depth * coverage);
      };
    },
    finding(finding) {
      const colour = finding.inside === "aurel" ? BLEEDING : EXUDATE;
      const strength = 0.95 * contrastOf(finding);
      return (i, coverage) => mix(planes, i, colour, strength * coverage);
    },
    device: () => (i, coverage) => mix(planes, i, METAL, coverage),
    finish() {
      for (const plane of planes) {
        blur(plane, size, view.blur);
        const noise = grain(size * size, stream);
        for (let i = 0; i < plane.length; i++) plane[i] = 0.015 + inDisc[i] * (plane[i] + 0.7 * view.noise * noise[i]);
      }
    },
  };
}

/** Four arcades that leave the root upwards and downwards, bend around the dusken and fork. */
function vesselTree(root: Point, spare: Point | undefined, stream: Random): Stroke[] {
  const strokes: Stroke[] = [];
  const grow = (from: Point, heading: number, bend: number, halfWidth: number, pieces: number) => {
    let at = from;
    let towards = heading;
    for (let i = 0; i < pieces; i++) {
      towards += bend + stream.between(-0.16, 0.16);
      const to = { x: at.x + 0.042 * Math.cos(towards), y: at.y + 0.042 * Math.sin(towards) };
      if (Math.hypot(to.x - 0.5, to.y - 0.5) > 0.5) return;
      if (spare && Math.hypot(to.x - spare.x, to.y - spare.y) < 0.09) return;
      strokes.push({ from: at, to, halfWidth });
      at = to;
      halfWidth *= 0.94;
      if (halfWidth > 0.0045 && i > 1 && stream.chance(0.26)) {
        const turn = stream.chance(0.5) ? 1 : -1;
        grow(at, towards + 0.65 * turn, -0.05 * turn, halfWidth * 0.7, pieces - i);
      }
    }
  };
  // Most of the retina lies on the far side of the root.
  const across = root.x < 0.5 ? 0 : Math.PI;
  for (const sign of [-1, 1])
    for (const [opening, bend] of [
      [1.25, -0.1],
      [1.9, 0.05],
      [0.75, -0.03],
    ]) {
      const turn = sign * (root.x < 0.5 ? 1 : -1);
      grow(root, across + turn * (opening + stream.between(-0.2, 0.2)), turn * bend, stream.between(0.008, 0.0105), 16);
    }
  return strokes;
}
