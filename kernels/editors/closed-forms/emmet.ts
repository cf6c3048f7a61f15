import { pseudoInverse } from "ml-matrix";
import { batchFacts } from "./batch-facts.ts";
import type { MemitInputs } from "./memit.ts";
import { cholesky } from "./cholesky.ts";
import { scaledIdentity } from "./tensor-matrix.ts";
import type { LowRankUpdate } from "./weight-update.ts";
import { writeUpdate } from "./write-update.ts";

export interface EmmetInputs extends Omit<MemitInputs, "lambda"> {
  /**
   * Added to the diagonal of K^T C'^-1 K, in its units: the result depends on the scale of C'. Default 0.1, as released; 0 gives every key
   * its value exactly.
   */
  ridge?: number;
}

/**
 * EMMET: a batch write under equality constraints, delta = C'^-1 K D^-1 R^T with D = K^T C'^-1 K + ridge I; rank N.
 *
 * `factor` is that of C' (`factorMoment` with scale 100,000, or 10,000 for GPT2-XL, and a ridge for the released norm term). Where D is
 * singular its pseudo-inverse stands in, as released. Shapes and errors: as `memitUpdate`.
 * Source: EMMET (arXiv 2403.14236); EasyEdit's emmet (reproduced).
 */
export function emmetUpdate(inputs: EmmetInputs): LowRankUpdate {
  const { keys, residuals } = batchFacts(inputs);
  const spread = inputs.factor.solve(keys.transpose());
  const constraints = keys.mmul(spread).add(scaledIdentity(keys.rows, inputs.ridge ?? 0.1));
  const factored = cholesky(constraints);
  const rounding = 16 * constraints.rows * Number.EPSILON * constraints.trace();
  const solved = factored ? factored.solve(residuals) : pseudoInverse(constraints, rounding).mmul(residuals);
  return writeUpdate(spread, solved, inputs);
}
