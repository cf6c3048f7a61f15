/** A seed that depends on every letter of a text. */
export function textSeed(text: string): number {
  let seed = 0;
  for (const letter of text) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) | 0;
  return seed;
}
