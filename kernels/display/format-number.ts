/** A score with two decimals, halves away from zero (0.975 is "0.98" although its binary form lies below); never "−0.00". */
export const score = (value: number): string => {
  const cents = Math.round(Math.abs(value) * 100 + 1e-9);
  return (value < 0 && cents ? "\u2212" : "") + (cents / 100).toFixed(2);
};

/** A 95% interval in words, so that a negative bound cannot be read as a dash. */
export const interval = (ends: readonly [number, number] | null): string =>
  ends ? `${score(ends[0])} to ${score(ends[1])}` : "none, too few values";

/** A change with its sign: "+3.90", "−0.12", "0.00". */
export const signed = (value: number): string =>
  value > 0 && score(value) !== "0.00" ? `+${score(value)}` : score(value);
