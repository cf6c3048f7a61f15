/**
 * How alike an encoder sees two images where it sees them least alike: the cosine of the features of one place, of the place where it is
 * lowest. A mean over all places would hardly notice one lesion that is in one of the images only.
 *
 * Units: 1 for equal images, at least -1. Shapes: both [places][hidden].
 */
export function placeSimilarity(one: readonly Float32Array[], two: readonly Float32Array[]): number {
  return Math.min(...one.map((features, place) => cosine(features, two[place])));
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [product, one, two] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    product += a[i] * b[i];
    one += a[i] ** 2;
    two += b[i] ** 2;
  }
  return product / (Math.sqrt(one * two) || 1);
}
