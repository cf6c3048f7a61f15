import type { View } from "../../world/scene.ts";
import type { Modality } from "../../world/vocabulary.ts";
import { circle, clamp, ellipse, rectangle } from "./signed-distance.ts";
import type { Distance } from "./signed-distance.ts";

/** Half axes of the body's section, at full field. */
export const CT_BODY = { a: 0.49, b: 0.43 };
export const MR_BODY = { a: 0.44, b: 0.488 };
export const FUNDUS_RADIUS = 0.485;
export const COLLIMATION = { a: 0.485, b: 0.485, round: 0.03 };
/** The bone behind everything in a section, relative to the centre of the picture. */
export const CT_SPINE = { y: 0.33, radius: 0.06 };
/** The fan of a curved probe: its apex above the picture, whose sides cut its lower corners off; the radii of its ends and half its opening. */
export const FAN = { apex: -0.3, near: 0.36, far: 1.26, opening: 0.5 };

/** Thickness of what lies between the edge of the body and the organs: skin, fat, bone. */
const RIM: Record<Modality, number> = {
  radiograph: 0.03,
  ct: 0.038,
  mr: 0.066,
  ultrasound: 0.02,
  fundus: 0.012,
  histology: 0.02,
};

/** Turns picture coordinates into those of the anatomy, around the middle of the picture and at full field. */
export function anatomy({ rotation, field }: View): (x: number, y: number) => { x: number; y: number } {
  const cos = Math.cos(rotation) / field;
  const sin = Math.sin(rotation) / field;
  return (x, y) => ({ x: (x - 0.5) * cos + (y - 0.5) * sin, y: (y - 0.5) * cos - (x - 0.5) * sin });
}

/** The outline of the body, or of what the instrument sees, at full field around the origin. */
export const fieldOutline: Record<Modality, Distance> = {
  radiograph: (x, y) => rectangle(x, y, COLLIMATION.a, COLLIMATION.b, COLLIMATION.round),
  ct: (x, y) => ellipse(x, y, CT_BODY.a, CT_BODY.b),
  mr: (x, y) => ellipse(x, y, MR_BODY.a, MR_BODY.b),
  ultrasound: (x, y) => {
    const down = y + 0.5 - FAN.apex;
    const depth = Math.sqrt(x * x + down * down);
    const angle = Math.atan2(Math.abs(x), down);
    const aside = depth * Math.sin(clamp(angle - FAN.opening, -1.5, 1.5));
    return Math.max(aside, FAN.near - depth, depth - FAN.far);
  },
  fundus: (x, y) => circle(x, y, FUNDUS_RADIUS),
  histology: (x, y) => rectangle(x, y, 0.49, 0.49, 0.06),
};

const fields = new WeakMap<View, Map<Modality, Distance>>();

/** Where entities may stand: negative inside; in picture coordinates and widths. Made once for each view, which is never changed. */
export function visibleField(modality: Modality, view: View): Distance {
  const known = fields.get(view) ?? new Map<Modality, Distance>();
  let field = known.get(modality);
  if (!field) {
    field = makeField(modality, view);
    fields.set(view, known.set(modality, field));
  }
  return field;
}

function makeField(modality: Modality, view: View): Distance {
  const toAnatomy = anatomy(view);
  const outline = fieldOutline[modality];
  return (x, y) => {
    const p = toAnatomy(x, y);
    const inside = outline(p.x, p.y) * view.field + RIM[modality];
    if (modality === "ultrasound") return Math.max(inside, rectangle(x - 0.5, y - 0.5, 0.48, 0.48));
    if (modality !== "ct") return inside;
    return Math.max(inside, -circle(p.x, p.y - CT_SPINE.y, CT_SPINE.radius) * view.field);
  };
}
