import type { GraphBuilder } from "../graph-builder.ts";
import { normal, zeros } from "../initialisers.ts";
import type { Initialiser } from "../initialisers.ts";
import { ShapeError } from "../value.ts";
import type { Float } from "../value.ts";

export interface ConvolutionOptions {
  /** Height and width of the kernel, odd. Default 3. */
  kernel?: number;
  /** Default 1. */
  stride?: number;
  /** Fills the weight. Default: normal with the deviation √(2 / inputs of a kernel), for a ReLU behind it (arXiv 1502.01852). */
  initialise?: Initialiser;
}

/**
 * Convolution with a bias over images padded with zeros, so that only the stride makes them smaller.
 *
 * Shapes: x [batch, in, height, width]; weight [out, in, kernel, kernel]; result [batch, out, ⌈height / stride⌉, ⌈width / stride⌉].
 * Throws: ShapeError for an even kernel, or sizes that vary.
 */
export function convolution(
  g: GraphBuilder,
  name: string,
  x: Float,
  out: number,
  { kernel = 3, stride = 1, initialise }: ConvolutionOptions = {},
): Float {
  if (kernel % 2 === 0)
    throw new ShapeError(`convolution ${name}: a kernel of ${kernel} has no middle. Give it an odd size.`);
  const [channels, height, width] = [1, 2, 3].map((axis) => g.fixed(x, axis, `convolution ${name}`));
  const pad = (kernel - 1) / 2;
  return g.scope(name, () => {
    const deviation = Math.sqrt(2 / (channels * kernel * kernel));
    const weight = g.parameter("weight", [out, channels, kernel, kernel], initialise ?? normal(deviation));
    const sizes = [height, width].map((size) => Math.ceil(size / stride));
    return g.node("Conv", [x, weight, g.parameter("bias", [out], zeros)], "float32", [x.dims[0], out, ...sizes], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
  });
}
