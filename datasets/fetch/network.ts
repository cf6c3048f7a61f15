import { setTimeout as wait } from "node:timers/promises";
import { CancelledError } from "../../kernels/errors.ts";

/** How patient downloads are. Times in milliseconds. */
export interface Network {
  /** Without an answer or a byte for this long, a connection is given up. */
  stallMs: number;
  /** Attempts in a row that may bring less than `progressBytes`. */
  attempts: number;
  progressBytes: number;
  /** Wait before the second attempt; doubles up to `longestWaitMs`, which also bounds what a server may ask for. */
  backoffMs: number;
  longestWaitMs: number;
  /** Least time between the starts of two requests for single figures. */
  paceMs: number;
  redirects: number;
}

export const DEFAULT_NETWORK: Network = {
  stallMs: 30_000,
  attempts: 6,
  progressBytes: 65_536,
  backoffMs: 500,
  longestWaitMs: 60_000,
  paceMs: 350,
  redirects: 5,
};

/** Statuses after which the same request may succeed later. */
export const isPassing = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);

/** The wait before attempt number `attempt` (from 1), or what the server asked for in `Retry-After`, within bounds. */
export function waitBefore(attempt: number, network: Network, retryAfter?: string | null): number {
  const asked = retryAfter
    ? Number.isFinite(Number(retryAfter))
      ? Number(retryAfter) * 1000
      : Date.parse(retryAfter) - Date.now()
    : NaN;
  const own = network.backoffMs * 2 ** (attempt - 1);
  return Math.min(network.longestWaitMs, Math.max(0, Number.isFinite(asked) ? asked : own));
}

/** Sleeps. Throws: CancelledError as soon as the signal is raised. */
export async function pause(ms: number, signal: AbortSignal | undefined, what: string): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (cause) {
    throw stopped(what, cause);
  }
}

export const stopped = (what: string, cause?: unknown): CancelledError =>
  new CancelledError(`${what}: stopped on request. Run the same command again; it goes on where it stopped.`, {
    cause,
  });
