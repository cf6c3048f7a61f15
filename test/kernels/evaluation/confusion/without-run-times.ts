import type { ConfusionEvaluation } from "../../../../kernels/evaluation/confusion/result.ts";

/** A copy without times. */
export const withoutRunTimes = (evaluation: ConfusionEvaluation) => ({
  ...evaluation,
  run: { ...evaluation.run, started: "", seconds: 0 },
});
