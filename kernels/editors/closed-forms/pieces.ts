import { setImmediate } from "node:timers/promises";
import { throwIfCancelled } from "../../errors.ts";

/** Long work in pieces of some milliseconds: after each it says what share is done, 0 to 1. Nothing of the result depends on the pauses. */
export type Pieces<T> = Generator<number, T>;

/** The result at once, without a pause. */
export function atOnce<T>(pieces: Pieces<T>): T {
  let step = pieces.next();
  while (!step.done) step = pieces.next();
  return step.value;
}

export interface PauseOptions {
  /** Names the work in errors. */
  what: string;
  signal?: AbortSignal;
  /** Called at every pause with the share that is done. */
  onProgress?: (share: number) => void;
}

/** Longest time without a pause, beside that of one piece, in milliseconds. */
const WITHOUT_PAUSE = 25;

/** The result, with pauses in which other work of the process goes on. Throws: CancelledError; what the work throws. */
export async function withPauses<T>(pieces: Pieces<T>, { what, signal, onProgress }: PauseOptions): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = pieces.next();
    if (step.done) return step.value;
    if (performance.now() - since < WITHOUT_PAUSE) continue;
    onProgress?.(step.value);
    await setImmediate();
    throwIfCancelled(signal, what);
    since = performance.now();
  }
}
