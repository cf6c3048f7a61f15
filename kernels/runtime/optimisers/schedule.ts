import { requireKnown } from "../../nearest-name.ts";

/** How the step size changes; `warmup` steps rise linearly to the full size before that. Steps count from 0. */
export type ScheduleOptions = { /** Default 0. */ warmup?: number } & (
  | { kind: "constant" }
  /** Falls along a half cosine to `floor` (a share of the full size, default 0) at step `steps`, and stays there. */
  | { kind: "cosine"; steps: number; floor?: number }
  /** Falls in a straight line to `floor` (default 0) at step `steps`, and stays there. */
  | { kind: "linear"; steps: number; floor?: number }
  /** Is multiplied by `factor` every `every` steps. */
  | { kind: "step"; every: number; factor: number }
);

export const SCHEDULES = ["constant", "cosine", "linear", "step"] as const satisfies readonly ScheduleOptions["kind"][];

/**
 * Share of the full step size at `step`. The first warm-up step takes 1 / warmup, the last the full size.
 *
 * Source of the cosine: Loshchilov and Hutter, arXiv 1608.03983, equation 5 (reproduced, one cycle).
 * Throws: UnknownNameError for a kind that does not exist.
 */
export function schedule(options: ScheduleOptions, step: number): number {
  const { warmup = 0 } = options;
  if (step < warmup) return (step + 1) / warmup;
  switch (options.kind) {
    case "constant":
      return 1;
    case "cosine":
    case "linear": {
      const { steps, floor = 0 } = options;
      const done = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
      const left = options.kind === "linear" ? 1 - done : (1 + Math.cos(Math.PI * done)) / 2;
      return floor + (1 - floor) * left;
    }
    case "step":
      return options.factor ** Math.floor((step - warmup) / options.every);
    default:
      options satisfies never;
      requireKnown("schedule", (options as { kind: string }).kind, SCHEDULES);
      throw new Error("internal: unhandled schedule");
  }
}
