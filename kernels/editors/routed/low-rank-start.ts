import { lowRankParameters } from "../../models/trainables.ts";
import type { Site } from "../../onnx/sites.ts";
import type { Random } from "../../random.ts";
import { float32, type Tensor } from "../../tensor.ts";

/** Where training of a low-rank change starts: A uniform with deviation 1 / sqrt(3 in), B zero, so that nothing is changed yet. */
export function lowRankStart(site: Site, rank: number, stream: Random): Record<string, Tensor<Float32Array>> {
  const { a, b } = lowRankParameters(site.id);
  const bound = 1 / Math.sqrt(site.in);
  return {
    [a]: float32(
      Float32Array.from({ length: site.in * rank }, () => stream.between(-bound, bound)),
      [site.in, rank],
    ),
    [b]: float32(new Float32Array(rank * site.out), [rank, site.out]),
  };
}
