import { CancelledError } from "../errors.ts";
import type { CaseResult, Evaluation } from "./result.ts";

/** Cause: the user stopped an evaluation. Handled by: the cell or command, which may show what was finished. */
export class EvaluationCancelledError extends CancelledError {
  /** The finished cases, where they are kept. */
  readonly finished: readonly CaseResult[];
  /** The document of what was finished, with `partial`; undefined where nothing was. */
  readonly evaluation: Evaluation | undefined;

  constructor(
    message: string,
    { finished, evaluation, cause }: { finished: readonly CaseResult[]; evaluation?: Evaluation; cause: unknown },
  ) {
    super(message, { cause });
    this.finished = finished;
    this.evaluation = evaluation;
  }
}
