import type { GraphBuilder } from "../graph-builder.ts";
import { ShapeError, showValue } from "../value.ts";
import type { Float } from "../value.ts";

/**
 * Cuts images into square patches, row by row: a linear layer on the result is a convolution with the patch as its stride.
 *
 * Shapes: pixels [batch, channels, height, width]; result [batch, patches, channels × size × size], a patch's values in the order of
 * a convolution kernel (channel, row, column).
 */
export function patches(g: GraphBuilder, pixels: Float, size: number): Float {
  const [batch] = pixels.dims;
  const [channels, height, width] = [1, 2, 3].map((axis) => g.fixed(pixels, axis, "patches"));
  const [rows, columns] = [height / size, width / size];
  if (!Number.isInteger(rows) || !Number.isInteger(columns))
    throw new ShapeError(`patches of ${size} pixels do not divide ${showValue(pixels)}. Resize the images.`);
  const cut = g.reshape(pixels, [batch, channels, rows, size, columns, size]);
  return g.reshape(g.transpose(cut, [0, 2, 4, 1, 3, 5]), [batch, rows * columns, channels * size * size]);
}
