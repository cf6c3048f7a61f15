/** Long work in pieces of some milliseconds: after each it says what share is done, 0 to 1. Nothing of the result depends on the pauses. */
export type Pieces<T> = Generator<number, T>;

/** The result at once, without a pause. */
export function atOnce<T>(pieces: Pieces<T>): T {
  let step = pieces.next();
  while (!step.done) step = pieces.next();
  return step.value;
}
