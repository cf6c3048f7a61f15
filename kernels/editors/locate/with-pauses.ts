import { setImmediate } from "node:timers/promises";
import { throwIfCancelled } from "../../errors.ts";
import type { Pieces } from "../closed-forms/pieces.ts";

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
