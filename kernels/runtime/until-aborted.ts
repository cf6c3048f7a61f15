import { CancelledError } from "../errors.ts";

/**
 * The result of `work`, or a CancelledError as soon as `signal` is raised. The work itself goes on: others may wait for it too.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (!signal) return work;
  let callOff = () => {};
  const aborted = new Promise<never>((_, reject) => {
    callOff = () => reject(new CancelledError(`${what}: stopped on request. Run it again to start over.`));
    if (signal.aborted) callOff();
    else signal.addEventListener("abort", callOff, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", callOff);
  }
}
