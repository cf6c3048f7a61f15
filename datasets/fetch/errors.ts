import { UserFacingError } from "../../kernels/errors.ts";

/** Cause: an address did not deliver its file, after retries where they could help. Handled by: the next place that has the file, else the user. */
export class DownloadError extends UserFacingError {
  constructor(
    message: string,
    /** HTTP status of the last answer, where there was one. */
    readonly status?: number,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Cause: a host's name is not found or no route leads to it, most often because there is no network. Handled by: another place that has the file, else the user. */
export class UnreachableError extends UserFacingError {
  constructor(host: string, reason: string, options?: { cause?: unknown }) {
    super(
      `${host} cannot be reached (${reason}): this machine seems to have no network. Run the same command again when it has one; ` +
        `or fetch on another machine with --out DIR, copy that folder here, and name it with --data DIR. What was fetched is kept.`,
      options,
    );
  }
}

/** Cause: what was delivered is not the file that was published. Handled by: the next place that has the file, else the user. */
export class DigestMismatchError extends UserFacingError {}

/** Cause: an archive holds a name, a link or an amount of data that no benchmark needs. Handled by: the user; nothing of it was unpacked. */
export class UnsafeArchiveError extends UserFacingError {}

/** Cause: the target folder holds something else, leads elsewhere or cannot be written to. Handled by: the user, who names another. */
export class FetchTargetError extends UserFacingError {}

/** Cause: some of many files could not be fetched. Handled by: the user, who runs the same command again; what is there stays. */
export class IncompleteFetchError extends UserFacingError {}
