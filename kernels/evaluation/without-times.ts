import type { Evaluation } from "./result.ts";

/** A copy with every time taken out: equal for two runs of the same plan on the same machine. */
export const withoutTimes = (evaluation: Evaluation): Evaluation => ({
  ...evaluation,
  run: { ...evaluation.run, started: "", seconds: 0 },
  cases: evaluation.cases.map((each) => ({ ...each, edit_ms: 0 })),
});
