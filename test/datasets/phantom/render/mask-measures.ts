import type { EntityMask } from "../../../../datasets/phantom/world/scene.ts";

/** Number of pixels and their mean place, in picture widths. */
export function centreOf({ mask }: Pick<EntityMask, "mask">, size: number): { pixels: number; x: number; y: number } {
  let [pixels, x, y] = [0, 0, 0];
  mask.forEach((seen, i) => {
    if (!seen) return;
    pixels++;
    x += ((i % size) + 0.5) / size;
    y += (Math.floor(i / size) + 0.5) / size;
  });
  return { pixels, x: x / pixels, y: y / pixels };
}

/** The smallest box around the pixels of a mask. */
export function boxOf({ mask }: Pick<EntityMask, "mask">, size: number): EntityMask["box"] {
  const seen = [...mask.keys()].filter((i) => mask[i]);
  const xs = seen.map((i) => i % size);
  const ys = seen.map((i) => Math.floor(i / size));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}
