import { sideInputNames } from "../../../kernels/onnx/index.ts";
import type { Site } from "../../../kernels/onnx/index.ts";
import { float32, type Tensor } from "../../../kernels/tensor.ts";
import { seededValues } from "./seeded-values.ts";

const RANK = 2;

/** A low-rank edit of a site, as the feeds of its side input and as the delta that it amounts to. */
export interface LowRankEdit {
  site: Site;
  feeds: Record<string, Tensor>;
  /** A·B, [in, out]. */
  delta: Tensor<Float32Array>;
}

/** Random edits of rank 2, one for every site; `scale` bounds each factor's values. */
export const lowRankEdits = (sites: readonly Site[], scale = 0.1): LowRankEdit[] =>
  sites.map((site, i) => {
    const { a, b } = sideInputNames(site.id);
    const A = seededValues("float32", [site.in, RANK], scale, 2 * i + 1) as Tensor<Float32Array>;
    const B = seededValues("float32", [RANK, site.out], scale, 2 * i + 2) as Tensor<Float32Array>;
    const delta = Float32Array.from({ length: site.in * site.out }, (_, k) => {
      const [row, column] = [Math.floor(k / site.out), k % site.out];
      return A.data[RANK * row] * B.data[column] + A.data[RANK * row + 1] * B.data[site.out + column];
    });
    return { site, feeds: { [a]: A, [b]: B }, delta: float32(delta, [site.in, site.out]) };
  });
