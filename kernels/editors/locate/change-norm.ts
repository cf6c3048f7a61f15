import type { Intervention } from "../editor.ts";
import { matrixOf, type RealTensor } from "../closed-forms/tensor-matrix.ts";

/** Frobenius norm of low-rank changes together, from their factors: |A B|^2 = tr((A^T A) (B B^T)). */
export function changeNorm(interventions: readonly Intervention[]): number {
  let square = 0;
  for (const step of interventions) {
    if (step.kind !== "low-rank") continue;
    const a = matrixOf(step.a as RealTensor, "first factor");
    const b = matrixOf(step.b as RealTensor, "second factor");
    square += a.gram().mul(b.mmulByTranspose()).sum();
  }
  return Math.sqrt(Math.max(0, square));
}
