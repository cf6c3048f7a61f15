import type { Plane } from "../decoding.ts";
import { ImageFault } from "../image-fault.ts";

/** An axis of the stored volume, and whether it is walked from its end. */
export interface DisplayAxis {
  axis: number;
  flipped: boolean;
}

const AXIS_NAMES = ["RL", "AP", "SI"];
// Rows of the affine.
const [right, anterior, superior] = [0, 1, 2];

/** Which direction of the patient runs along columns and rows, from its positive end, and along slices, from its negative end. */
const PLANES: Record<Plane, { columns: number; rows: number; through: number; sides: string }> = {
  axial: {
    columns: right,
    rows: anterior,
    through: superior,
    sides: "left of the image is the patient's right, top is the front",
  },
  coronal: {
    columns: right,
    rows: superior,
    through: anterior,
    sides: "left of the image is the patient's right, top is the head",
  },
  sagittal: {
    columns: anterior,
    rows: superior,
    through: right,
    sides: "left of the image is the patient's front, top is the head",
  },
};

/**
 * Chooses for each display axis the stored axis that runs nearest to it, and its direction; volumes are turned by right angles, never
 * resampled. `affine` maps voxel indices to millimetres right, forward and up ("RAS+"). Shape: [3, 4].
 */
export function displayAxes(affine: number[][], plane: Plane) {
  const nearest = nearestAxes(affine);
  const { columns, rows, through, sides } = PLANES[plane];
  const towards = (world: number, first: "positive" | "negative"): DisplayAxis => {
    const axis = nearest.indexOf(world);
    return { axis, flipped: affine[world][axis] > 0 === (first === "positive") };
  };
  const stored = nearest.map((world, axis) => AXIS_NAMES[world][affine[world][axis] > 0 ? 0 : 1]).join("");
  return {
    columns: towards(columns, "positive"),
    rows: towards(rows, "positive"),
    through: towards(through, "negative"),
    described: `${sides}; stored as ${stored}+`,
  };
}

/** For each stored axis the patient's axis it runs along: the assignment that loses least of the directions. Throws: ImageFault. */
function nearestAxes(affine: number[][]): number[] {
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  const length = [0, 1, 2].map((axis) => Math.hypot(affine[0][axis], affine[1][axis], affine[2][axis]));
  if (length.some((value) => value === 0)) throw new ImageFault("its orientation gives an axis no direction");
  const kept = (order: number[]) =>
    order.reduce((product, world, axis) => product * (Math.abs(affine[world][axis]) / length[axis]), 1);
  return orders.reduce((best, order) => (kept(order) > kept(best) ? order : best));
}
