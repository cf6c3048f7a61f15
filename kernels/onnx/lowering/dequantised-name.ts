/** Name of the float weight that a lowering makes of a quantised one. */
export const dequantisedName = (weight: string): string => `dequantised:${weight}`;
