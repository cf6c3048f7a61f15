/**
 * A percentage with two decimals as the published tables have it: the nearest to the binary value, halves to the even digit.
 *
 * Only multiples of 1/8 can lie half-way between two hundredths, and they are exact; `toFixed` would take the larger one there.
 * Example: roundHalfEven(3.125) gives 3.12
 */
export function roundHalfEven(value: number): number {
  if (Math.abs(value * 8) % 2 !== 1) return Number(value.toFixed(2));
  const below = Math.floor(value * 100);
  return (below % 2 === 0 ? below : below + 1) / 100;
}
