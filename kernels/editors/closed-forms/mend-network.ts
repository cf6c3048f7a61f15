import type { Matrix } from "ml-matrix";
import { ClosedFormError } from "./closed-form-error.ts";
import { requireShape } from "./tensor-matrix.ts";

/** One low-rank layer: rank may be smaller than size. */
export interface MendLayer {
  /** U [size, rank]. */
  u: Matrix;
  /** V [rank, size]. */
  v: Matrix;
  /** [size]. */
  bias: ArrayLike<number>;
  /** Per edited weight (mode), factors of the pre-activation, [modes, size]. */
  scale?: Matrix;
  /** Per mode, added after the factor, [modes, size]. */
  shift?: Matrix;
}

/** The network that transforms gradient factors: layers in order. */
export interface MendNetwork {
  layers: readonly MendLayer[];
  /** Whether each layer adds its input. True for the identity initialisation, false for the released "xavier" form. */
  skip: boolean;
}

/**
 * y = max(0, scale (U V z + b) + shift) + z, layer after layer, for rows z [n, size]; the last layer rectifies too, as released.
 *
 * `mode` is the number of the edited weight among those that share the network; absent, scale and shift are left out.
 * Throws: ClosedFormError for a mode that the layers do not have, or rows of another size.
 * Source: MEND (arXiv 2110.11309) section 3.2; EasyEdit's IDMLP (reproduced).
 */
export function mendForward(network: MendNetwork, rows: Matrix, mode?: number): Matrix {
  return network.layers.reduce((z, layer) => {
    requireShape(z, [undefined, layer.v.columns], "rows of the MEND network");
    const modes = mode === undefined ? 0 : Math.min(layer.scale?.rows ?? 0, layer.shift?.rows ?? 0);
    if (mode !== undefined && !(mode < modes))
      throw new ClosedFormError(
        `mend: weight ${mode} of a network for ${modes} weights. Number the edited weights of one shape from 0, or build the network for more.`,
      );
    const out = z.mmul(layer.v.transpose()).mmul(layer.u.transpose());
    for (let i = 0; i < out.rows; i++)
      for (let j = 0; j < out.columns; j++) {
        let value = out.get(i, j) + layer.bias[j];
        if (mode !== undefined) value = value * layer.scale!.get(mode, j) + layer.shift!.get(mode, j);
        out.set(i, j, Math.max(0, value) + (network.skip ? z.get(i, j) : 0));
      }
    return out;
  }, rows);
}
