/** Bounds on gradients before a step; both may be given, values are clipped first. */
export interface ClipOptions {
  /** Largest Euclidean norm of all gradients together; longer ones are scaled down. */
  norm?: number;
  /** Largest absolute value of each entry. */
  value?: number;
}

/** Euclidean norm over all arrays, in double precision. */
export function globalNorm(gradients: readonly Float32Array[]): number {
  let sum = 0;
  for (const gradient of gradients) for (const g of gradient) sum += g * g;
  return Math.sqrt(sum);
}

/**
 * Clips gradients in place and returns their norm before scaling (after clipping by value).
 *
 * Source: Pascanu et al., arXiv 1211.5063, algorithm 1 (reproduced).
 */
export function clip(gradients: readonly Float32Array[], { norm, value }: ClipOptions): number {
  if (value !== undefined)
    for (const gradient of gradients)
      for (let i = 0; i < gradient.length; i++) gradient[i] = Math.min(Math.max(gradient[i], -value), value);
  const length = globalNorm(gradients);
  if (norm !== undefined && length > norm)
    for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) gradient[i] *= norm / length;
  return length;
}
