import { maskParameter } from "../../models/trainables.ts";
import type { Values } from "../../models/edit-objective.ts";
import type { Site } from "../../onnx/sites.ts";
import type { Random } from "../../random.ts";
import { float32 } from "../../tensor.ts";

/**
 * Masks of dropout for the inputs of sites: each number is 0 with the given probability, else 1 / (1 - probability), so that the expected
 * input stays. Drawn anew at every call.
 *
 * Shapes: one mask [examples, tokens, in] a site, of an objective whose embeddings are [examples, tokens, hidden].
 * Source: Srivastava et al. 2014, in the inverted form.
 */
export function dropoutMasks(stream: Random, sites: readonly Site[], dims: readonly number[], dropout: number): Values {
  const [examples, tokens] = dims;
  const kept = 1 / (1 - dropout);
  return Object.fromEntries(
    sites.map((site) => {
      const data = Float32Array.from({ length: examples * tokens * site.in }, () =>
        stream.chance(dropout) ? 0 : kept,
      );
      return [maskParameter(site.id), float32(data, [examples, tokens, site.in])];
    }),
  );
}
