/** The point at share `t` (0 to 1) of the straight line from a to b. One length. */
export const lerp = (a: ArrayLike<number>, b: ArrayLike<number>, t: number): Float32Array =>
  Float32Array.from(a, (x, i) => (1 - t) * x + t * b[i]);

/**
 * The point at share `t` of the arc from a to b, both taken as one vector: the directions turn evenly, the lengths mix with the same factors.
 * Vectors that are nearly in line (cosine beyond 0.9995) are joined by a straight line.
 * Source: Shoemake, "Animating rotation with quaternion curves" (SIGGRAPH 1985), as merging tools apply it to weights.
 */
export function slerp(a: ArrayLike<number>, b: ArrayLike<number>, t: number): Float32Array {
  const cosine = dot(a, b) / (norm(a) * norm(b));
  // A vector of zeros has no direction: its cosine is not a number.
  if (!(Math.abs(cosine) <= 0.9995)) return lerp(a, b, t);
  const angle = Math.acos(cosine);
  const [first, second] = [Math.sin((1 - t) * angle) / Math.sin(angle), Math.sin(t * angle) / Math.sin(angle)];
  return Float32Array.from(a, (x, i) => first * x + second * b[i]);
}

const norm = (a: ArrayLike<number>) => Math.sqrt(dot(a, a));

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
