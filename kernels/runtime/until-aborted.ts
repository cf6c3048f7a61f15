import { StepCancelledError, throwIfCancelled } from "../errors.ts";
import { onAbort } from "./on-abort.ts";

/**
 * The result of `work`, or a CancelledError as soon as `signal` is raised. The work itself goes on: others may wait for it too.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (!signal) return work;
  // Its failure concerns nobody once the caller has left; others who wait for it are told on their own.
  work.catch(() => {});
  throwIfCancelled(signal, what);
  let forget = () => {};
  const aborted = new Promise<never>((_, reject) => {
    forget = onAbort(signal, () => reject(cancelled(what)));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    forget();
  }
}

/** What a run that was called off ends with. */
export const cancelled = (what: string) => new StepCancelledError(what);
