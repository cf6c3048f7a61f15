export interface EarlyStopOptions {
  /** Stops once the loss is below this. Default: never. */
  below?: number;
  /** Stops after this many losses in a row that do not improve on the best by more than `margin`. Default: never. */
  patience?: number;
  /** Default 0. */
  margin?: number;
}

/** Tells when to stop: feed it each loss; true means stop. */
export function earlyStop({
  below = -Infinity,
  patience = Infinity,
  margin = 0,
}: EarlyStopOptions): (loss: number) => boolean {
  let best = Infinity;
  let since = 0;
  return (loss) => {
    if (loss < best - margin) {
      best = loss;
      since = 0;
    } else since++;
    return loss < below || since >= patience;
  };
}
