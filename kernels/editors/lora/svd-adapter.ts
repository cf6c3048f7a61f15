import type { Values } from "../../models/edit-objective.ts";
import { lowRankParameters } from "../../models/trainables.ts";
import { float32, type Tensor } from "../../tensor.ts";

type Floats = Tensor<Float32Array>;

/** An adapter in the form of a singular value decomposition: y += scale (x P) diag(E) Q, with P [in, rank], E [rank], Q [rank, out]. */
export interface SvdAdapter {
  p: Floats;
  e: Floats;
  q: Floats;
}

/** Names of an adapter's parameters at a site. */
export const svdParameters = (site: string) => ({ p: `svd:${site}:P`, e: `svd:${site}:E`, q: `svd:${site}:Q` });

/** The adapter of a site among values. */
export function adapterIn(values: Values, site: string): SvdAdapter {
  const { p, e, q } = svdParameters(site);
  return { p: values[p], e: values[e], q: values[q] };
}

/** The same adapter as the factors of a low-rank change: A = P, B = scale diag(E) Q. */
export function asFactors({ p, e, q }: SvdAdapter, scale: number): { a: Floats; b: Floats } {
  const out = q.dims[1];
  return { a: p, b: float32(q.data.map((value, i) => scale * e.data[Math.floor(i / out)] * value), q.dims) }; // prettier-ignore
}

/** Gradients of P, E and Q from those of the factors. `values` and `gradients` by name; `scale` as in `asFactors`. */
export function svdGradients(values: Values, site: string, gradients: Values, scale: number): Values {
  const { e, q } = adapterIn(values, site);
  const [names, factors] = [svdParameters(site), lowRankParameters(site)];
  const ofB = gradients[factors.b].data;
  const out = q.dims[1];
  const ofE = new Float32Array(e.data.length);
  for (let r = 0; r < ofE.length; r++) {
    let sum = 0;
    for (let j = 0; j < out; j++) sum += ofB[r * out + j] * q.data[r * out + j];
    ofE[r] = scale * sum;
  }
  return {
    [names.p]: gradients[factors.a],
    [names.e]: float32(ofE, e.dims),
    [names.q]: float32(ofB.map((value, i) => scale * e.data[Math.floor(i / out)] * value), q.dims), // prettier-ignore
  };
}

/**
 * How far adapters are from having orthonormal P and Q: the mean of |P^T P - I| and |Q Q^T - I| over all of them (Frobenius norms), and its
 * gradients, 2 P (P^T P - I) / |P^T P - I| over the number of norms. At a norm of 0 the gradient is 0.
 *
 * Source: AdaLoRA (arXiv 2303.10512), equation 4; norms not squared and averaged as in the PEFT library.
 */
export function orthogonality(values: Values, sites: readonly string[]): { penalty: number; gradients: Values } {
  const count = 2 * sites.length;
  const gradients: Values = {};
  let penalty = 0;
  for (const site of sites) {
    const { p, q } = svdParameters(site);
    for (const [name, ofRows] of [
      [p, false],
      [q, true],
    ] as const) {
      // prettier-ignore
      const found = fromOrthonormal(values[name], ofRows);
      penalty += found.norm / count;
      gradients[name] = float32(Float32Array.from(found.gradient, (value) => value / count), values[name].dims); // prettier-ignore
    }
  }
  return { penalty, gradients };
}

/** |X X^T - I| of rows, or |X^T X - I| of columns, and its gradient. */
function fromOrthonormal({ data, dims }: Floats, ofRows: boolean): { norm: number; gradient: Float64Array } {
  const [rank, length] = ofRows ? dims : [dims[1], dims[0]];
  const at = (r: number, i: number) => (ofRows ? r * length + i : i * rank + r);
  const gap = Float64Array.from({ length: rank * rank }, (_, rs) => {
    const [r, s] = [Math.floor(rs / rank), rs % rank];
    let sum = r === s ? -1 : 0;
    for (let i = 0; i < length; i++) sum += data[at(r, i)] * data[at(s, i)];
    return sum;
  });
  const norm = Math.sqrt(gap.reduce((sum, value) => sum + value * value, 0));
  const gradient = new Float64Array(data.length);
  if (norm === 0) return { norm, gradient };
  for (let r = 0; r < rank; r++)
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let s = 0; s < rank; s++) sum += gap[r * rank + s] * data[at(s, i)];
      gradient[at(r, i)] = (2 * sum) / norm;
    }
  return { norm, gradient };
}
