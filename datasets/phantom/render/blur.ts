/** Blurs values [size × size] in place by a kernel of three, of deviation `sigma` pixels (at most 0.8) along each axis. */
export function blur(values: Float32Array, size: number, sigmaX: number, sigmaY = sigmaX): void {
  along(values, size, 1, size, (sigmaX * sigmaX) / 2);
  along(values, size, size, 1, (sigmaY * sigmaY) / 2);
}

/** The variance of a kernel (w, 1 - 2w, w) is 2w. */
function along(values: Float32Array, size: number, step: number, next: number, w: number): void {
  for (let line = 0; line < size; line++) {
    let at = line * next;
    let before = values[at];
    for (let i = 0; i < size - 1; i++, at += step) {
      const here = values[at];
      values[at] = here + w * (before + values[at + step] - 2 * here);
      before = here;
    }
    values[at] += w * (before - values[at]);
  }
}
