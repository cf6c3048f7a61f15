// Inputs of a graph that takes many steps at once (training/many-steps.ts), which the session worker feeds.

/** How many steps to take: int64, a scalar. */
export const COUNT = "steps:count";
/** The loss below which the state stays as it is: float32, a scalar. */
export const STOP = "steps:stop_below";
