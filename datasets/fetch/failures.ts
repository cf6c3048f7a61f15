import { CancelledError, UserFacingError } from "../../kernels/errors.ts";
import { FetchTargetError, IncompleteFetchError, UnreachableError } from "./errors.ts";

/** So many in a row mean that the host is down, not that a file is missing. */
const IN_A_ROW = 3;

/** Lets the other files of a benchmark be fetched when one cannot be, and says at the end what is missing. */
export class Failures {
  private readonly all: string[] = [];
  private row = 0;

  constructor(
    private readonly benchmark: string,
    private readonly total: number,
  ) {}

  /** Throws: what the step throws, unless it concerns this file alone; IncompleteFetchError after three failures in a row. */
  async attempt(what: string, step: () => Promise<void>): Promise<void> {
    try {
      await step();
      this.row = 0;
    } catch (error) {
      const passesOn = [CancelledError, FetchTargetError, UnreachableError].some((kind) => error instanceof kind);
      if (!(error instanceof UserFacingError) || passesOn) throw error;
      this.all.push(`${what}: ${error.message}`);
      if (++this.row >= IN_A_ROW) this.close();
    }
  }

  /** Throws: IncompleteFetchError where anything failed. `hint` says what else the user can do. */
  close(hint = ""): void {
    if (this.all.length === 0) return;
    const others = this.all.length > 1 ? ` and ${this.all.length - 1} more` : "";
    throw new IncompleteFetchError(
      `${this.benchmark}: not everything could be fetched (${this.all.length} of ${this.total} failed). ${this.all[0]}${others ? ` (${others.trim()})` : ""} ` +
        `What was fetched is kept; run the same command again to try the rest.${hint ? ` ${hint}` : ""}`,
    );
  }
}
