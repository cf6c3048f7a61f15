// Distances between colours as people with and without a colour-vision deficiency see them.
// Simulation: Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. Distance: Euclidean in OKLab (Ottosson 2020), times 100.
const SIGHT = {
  normal: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};
export type Sight = keyof typeof SIGHT;
export const SIGHTS = Object.keys(SIGHT) as Sight[];

const CONES = [
  ...[0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566],
  ...[0.0883024619, 0.2817188376, 0.6299787005],
];
const LAB = [
  ...[0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099],
  ...[0.0259040371, 0.7827717662, -0.808675766],
];

/** Distance of two colours written #rrggbb; black and white are 100 apart, 2 is just seen side by side. */
export function colourDistance(a: string, b: string, sight: Sight): number {
  const [p, q] = [oklab(a, sight), oklab(b, sight)];
  return 100 * Math.hypot(...p.map((value, i) => value - q[i]));
}

function oklab(colour: string, sight: Sight): number[] {
  const linear = [1, 3, 5].map((i) => {
    const value = parseInt(colour.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const seen = times(SIGHT[sight], linear).map((value) => Math.min(1, Math.max(0, value)));
  return times(LAB, times(CONES, seen).map(Math.cbrt));
}

const times = (matrix: readonly number[], vector: readonly number[]): number[] =>
  [0, 3, 6].map((row) => vector.reduce((sum, value, i) => sum + matrix[row + i] * value, 0));
