import type { Evaluation } from "./result.ts";

/** A copy with every time taken out: equal for two runs of the same plan on the same machine. */
export const withoutTimes = ({ confusion, ...evaluation }: Evaluation): Evaluation => ({
  ...timeless(evaluation),
  cases: evaluation.cases.map((each) => ({ ...each, edit_ms: 0 })),
  ...(confusion && {
    confusion: { ...confusion, before: timeless(confusion.before), after: timeless(confusion.after) },
  }),
});

const timeless = <T extends { run: { started: string; seconds: number } }>(document: T): T => ({
  ...document,
  run: { ...document.run, started: "", seconds: 0 },
});
