import { shownPath } from "../../datasets/shown-path.ts";
import { UserFacingError } from "../errors.ts";

/** Cause: a run folder cannot be created, read or written (rights, full disk). Handled by: the user; what is stored stays valid. */
export class RunStoreError extends UserFacingError {}

/** Does file work in a run folder. Throws: RunStoreError in place of what the work throws. */
export function orExplain<T>(folder: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new RunStoreError(
      `run folder ${shownPath(folder)}: it cannot ${what} (${(cause as Error).message}). Free space or choose another folder; stored results stay valid.`,
      { cause },
    );
  }
}
