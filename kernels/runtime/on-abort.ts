import { setMaxListeners } from "node:events";

/** Calls `act` once when the signal is raised; the returned function takes that back. */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (!signal) return () => {};
  // One signal may stop any number of runs that wait for each other; Node takes more than ten listeners for a leak and says so.
  setMaxListeners(0, signal);
  signal.addEventListener("abort", act, { once: true });
  return () => signal.removeEventListener("abort", act);
}
