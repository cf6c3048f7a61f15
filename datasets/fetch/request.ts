import { DownloadError, UnreachableError } from "./errors.ts";
import { type Network, pause, stopped, waitBefore } from "./network.ts";

/** An answer whose body is read with a bound on silence. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The address that answered, after redirects. */
  url: string;
  /** The body, chunk by chunk. Throws: StalledError; CancelledError; what the connection throws. */
  body(): AsyncGenerator<Uint8Array>;
  /** Gives the connection up. */
  discard(): void;
}

/** Cause: a server that sends nothing for too long. Handled by: the retry. */
export class StalledError extends Error {}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const SECRET_HEADERS = ["authorization"];

/** Why an address may not be asked: only https is, and plain http to this machine itself where the request began there. */
export function addressProblem(url: URL, from: URL = url): string | undefined {
  if (url.username || url.password) return "it holds a user name";
  if (url.protocol === "https:") return undefined;
  if (url.protocol !== "http:") return `its protocol is ${url.protocol.slice(0, -1)}, not https`;
  if (LOOPBACK.test(url.hostname) && LOOPBACK.test(from.hostname)) return undefined;
  return "it is not encrypted (http)";
}

/**
 * GETs an address and follows redirects to https only. Credentials are sent to the first host alone.
 *
 * Throws: DownloadError for an address that may not be asked; UnreachableError without a network; StalledError; CancelledError; what the connection throws.
 */
export async function request(
  address: string,
  headers: Record<string, string>,
  network: Network,
  signal?: AbortSignal,
): Promise<Answer> {
  const first = new URL(address);
  let url = first;
  for (let hop = 0; ; hop++) {
    const problem = addressProblem(url, first);
    if (problem) throw new DownloadError(`${shown(first)}: leads to ${shown(url)}, which is not asked: ${problem}.`);
    const answer = await ask(url, url.origin === first.origin ? headers : withoutSecrets(headers), network, signal);
    const target = [301, 302, 303, 307, 308].includes(answer.status) ? answer.headers.get("location") : null;
    if (target === null) return answer;
    answer.discard();
    if (hop === network.redirects)
      throw new DownloadError(`${shown(first)}: redirects more than ${network.redirects} times.`);
    if (!URL.canParse(target, url))
      throw new DownloadError(`${shown(first)}: redirects to "${target}", which is no address.`);
    url = new URL(target, url);
  }
}

async function ask(url: URL, headers: Record<string, string>, network: Network, signal?: AbortSignal): Promise<Answer> {
  const giveUp = new AbortController();
  const either = signal ? AbortSignal.any([signal, giveUp.signal]) : giveUp.signal;
  /** The step, or StalledError when it takes too long. */
  const bounded = async <T>(step: Promise<T>): Promise<T> => {
    const timer = setTimeout(
      () => giveUp.abort(new StalledError(`nothing came for ${network.stallMs / 1000} s`)),
      network.stallMs,
    );
    try {
      return await step;
    } catch (cause) {
      if (signal?.aborted) throw stopped(shown(url), cause);
      throw giveUp.signal.aborted ? giveUp.signal.reason : cause;
    } finally {
      clearTimeout(timer);
    }
  };
  // Compressed transfers have lengths and ranges of their own, which would not fit the file's.
  const init = { headers: { "accept-encoding": "identity", ...headers }, redirect: "manual", signal: either } as const;
  const response = await reached(url, network, signal, () => bounded(fetch(url, init)));
  return {
    status: response.status,
    headers: response.headers,
    url: url.href,
    async *body() {
      const reader = response.body?.getReader();
      if (!reader) return;
      try {
        for (;;) {
          const { done, value } = await bounded(reader.read());
          if (done) return;
          yield value;
        }
      } finally {
        giveUp.abort();
      }
    },
    discard: () => giveUp.abort(),
  };
}

/** Codes of a machine without a network, or whose network lacks this host. */
const NO_ROUTE = ["ENOTFOUND", "EAI_AGAIN", "EAI_FAIL", "ENETUNREACH", "ENETDOWN", "EHOSTUNREACH"];
/** A lookup may fail once for no reason; more patience would keep somebody waiting who is offline. */
const LOOKUPS = 3;

/** Throws: UnreachableError where no request leaves this machine; what `step` throws otherwise. */
async function reached<T>(
  url: URL,
  network: Network,
  signal: AbortSignal | undefined,
  step: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await step();
    } catch (error) {
      const cause = (error as { cause?: NodeJS.ErrnoException }).cause;
      if (!cause?.code || !NO_ROUTE.includes(cause.code)) throw error;
      if (attempt === LOOKUPS) throw new UnreachableError(url.host, cause.message, { cause: error });
      await pause(waitBefore(attempt, network), signal, shown(url));
    }
}

const withoutSecrets = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET_HEADERS.includes(name.toLowerCase())));

/** An address as messages show it: signed redirects carry secrets in their query. */
export const shown = (url: URL | string): string => {
  const { origin, pathname } = new URL(url);
  return `${origin === "null" ? "" : origin}${pathname}`;
};
