/** Red, green and blue, 0 to 1; more where a light exceeds the film. */
export type Colour = readonly [number, number, number];

/** Moves one pixel of the planes towards a colour by `share`. */
export function mix([red, green, blue]: Float32Array[], index: number, [r, g, b]: Colour, share: number): void {
  red[index] += (r - red[index]) * share;
  green[index] += (g - green[index]) * share;
  blue[index] += (b - blue[index]) * share;
}
