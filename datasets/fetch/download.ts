import { lstat } from "node:fs/promises";
import { UserFacingError } from "../../kernels/errors.ts";
import { shownPath } from "../shown-path.ts";
import { canResume, planFor, rangeHeaders } from "./answer-plan.ts";
import { DigestMismatchError, DownloadError, FetchTargetError } from "./errors.ts";
import { isPassing, type Network, pause, stopped, waitBefore } from "./network.ts";
import { PartFile } from "./part-file.ts";
import { request, shown } from "./request.ts";
import { type Expected, type Measured, verifyFile } from "./verify.ts";

export interface Download {
  url: string;
  /** Absolute path. Nothing stands under it before it is complete and verified. */
  to: string;
  expected: Expected;
  /** No more than this is accepted, in bytes. */
  atMost: number;
  headers?: Record<string, string>;
  /** A last look at the complete file under its interim path; throws where it is not what it should be. */
  check?(path: string): Promise<void>;
  onProgress?(received: number, total: number | undefined): void;
}

/**
 * Fetches one file, going on where an earlier attempt or an earlier call stopped.
 *
 * Throws: DownloadError (with the HTTP status) when the address does not deliver; DigestMismatchError when it delivers something else;
 * FetchTargetError when the file cannot be written; CancelledError. After an error the received bytes stay in `TO.part` for the next call,
 * unless they are wrong.
 */
export async function download(job: Download, network: Network, signal?: AbortSignal): Promise<Measured> {
  if (await lstat(job.to).catch(() => undefined))
    throw new FetchTargetError(
      `${shownPath(job.to)} exists already. Move it away first; medke replaces no file that it did not write.`,
    );
  const part = await PartFile.open(job.to, job.url).catch((error) => Promise.reject(diskError(error, job.to)));
  try {
    // A file that was put together from several answers and does not fit is fetched once more as a whole.
    for (let round = 1; ; round++) {
      const joined = await receive(part, job, network, signal);
      const { mismatch, ...measured } = await verifyFile(part.path, job.expected);
      if (mismatch === undefined) {
        await checked(part, job);
        await part.finish();
        return measured;
      }
      await part.discard();
      if (!joined || round === 2)
        throw new DigestMismatchError(
          `${shown(job.url)} delivers another file than the published one: ${mismatch}. Nothing was kept of it.`,
        );
    }
  } catch (error) {
    throw diskError(error, job.to);
  } finally {
    await part.close();
  }
}

async function checked(part: PartFile, job: Download): Promise<void> {
  try {
    await job.check?.(part.path);
  } catch (error) {
    await part.discard();
    throw error;
  }
}

/** Receives until the file is complete. Returns whether it was joined from several answers. */
async function receive(part: PartFile, job: Download, network: Network, signal?: AbortSignal): Promise<boolean> {
  let joined = part.length > 0;
  let failures = 0;
  for (;;) {
    const before = part.length;
    const outcome = await attempt(part, job, network, signal);
    if (outcome === "complete") return joined;
    failures = part.length - before >= network.progressBytes ? 0 : failures + 1;
    if (failures >= network.attempts)
      throw new DownloadError(
        `${shown(job.url)}: given up after ${failures} attempts: ${outcome.reason}. ${part.length} bytes are kept; run the same command again to go on.`,
        outcome.status,
      );
    joined = part.length > 0;
    await pause(waitBefore(Math.max(1, failures), network, outcome.retryAfter), signal, `fetching ${shown(job.url)}`);
  }
}

interface Failure {
  reason: string;
  status?: number;
  retryAfter?: string | null;
}

async function attempt(
  part: PartFile,
  job: Download,
  network: Network,
  signal?: AbortSignal,
): Promise<"complete" | Failure> {
  const digestKnown = Boolean(job.expected.sha256 ?? job.expected.gitOid ?? job.expected.md5);
  if (part.length > 0 && !canResume(part.origin, digestKnown)) await part.discard();
  if (part.length > 0 && part.length === part.origin?.total) return "complete";
  try {
    const answer = await request(
      job.url,
      { ...job.headers, ...rangeHeaders(part.length, part.origin) },
      network,
      signal,
    );
    try {
      const { status } = answer;
      if (![200, 206, 416].includes(status)) {
        if (isPassing(status))
          return { reason: `HTTP ${status}`, status, retryAfter: answer.headers.get("retry-after") };
        throw new DownloadError(`${shown(job.url)}: HTTP ${status} (${meaning(status)}).`, status);
      }
      const plan = planFor(answer, job.url, part.length, part.origin);
      if (plan.do === "verify") return "complete";
      if (plan.do === "again") {
        await part.discard();
        return { reason: plan.reason };
      }
      const total = plan.do === "append" ? plan.total : plan.origin.total;
      refuseLength(total, job);
      if (plan.do === "restart") await part.restart(plan.origin);
      for await (const chunk of answer.body()) {
        if (part.length + chunk.length > Math.min(job.atMost, total ?? Infinity))
          throw new DownloadError(`${shown(job.url)}: sends more than the ${total ?? job.atMost} bytes of the file.`);
        await part.append(chunk);
        job.onProgress?.(part.length, total ?? job.expected.bytes);
      }
      const whole = total ?? job.expected.bytes;
      if (whole !== undefined && part.length < whole)
        return { reason: `the connection ended after ${part.length} of ${whole} bytes` };
      await part.close();
      return "complete";
    } finally {
      answer.discard();
    }
  } catch (error) {
    if (signal?.aborted) throw stopped(`fetching ${shown(job.url)}`, error);
    if (error instanceof UserFacingError || isDiskError(error)) throw error;
    return { reason: connectionProblem(error) };
  }
}

/** A length that cannot be right is refused before a byte is written. */
function refuseLength(total: number | undefined, { url, expected, atMost }: Download): void {
  if (total === undefined) return;
  if (expected.bytes !== undefined && total !== expected.bytes)
    throw new DigestMismatchError(
      `${shown(url)} delivers another file than the published one: ${total} bytes instead of ${expected.bytes}.`,
    );
  if (total > atMost)
    throw new DownloadError(`${shown(url)}: announces ${total} bytes; at most ${atMost} are expected.`);
}

const meaning = (status: number): string =>
  status === 401 || status === 403
    ? "access refused: the file may be gated or blocked for you"
    : status === 404 || status === 410
      ? "not found: the file may have moved"
      : "the server refuses the request";

/** The innermost cause of a failed fetch, which says more than "fetch failed". */
function connectionProblem(error: unknown): string {
  const cause = (error as { cause?: unknown }).cause;
  if (cause instanceof Error) return connectionProblem(cause);
  return error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
}

const DISK = [
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOSPC",
  "EDQUOT",
  "EISDIR",
  "ENOTDIR",
  "ENAMETOOLONG",
  "ELOOP",
  "EMFILE",
  "EIO",
];

const isDiskError = (error: unknown): error is NodeJS.ErrnoException =>
  (error instanceof Error && "path" in error && DISK.includes((error as NodeJS.ErrnoException).code ?? "")) ||
  (error as NodeJS.ErrnoException)?.code === "ENOSPC";

/** A failed write as the user's matter; everything else unchanged. */
function diskError(error: unknown, to: string): unknown {
  if (!isDiskError(error)) return error;
  return new FetchTargetError(
    `${shownPath(to)} cannot be written (${error.code}). Make room or give access, or name another folder with --out.`,
    { cause: error },
  );
}
