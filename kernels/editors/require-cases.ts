import type { EditCase } from "../../datasets/case.ts";
import { UserFacingError } from "../errors.ts";

/** Cause: an editor was called without a case. Handled by: the caller, who passes at least one. */
export class NoCasesError extends UserFacingError {}

/** Throws: NoCasesError. */
export function requireCases(editor: string, cases: readonly EditCase[]): void {
  if (cases.length === 0)
    throw new NoCasesError(`${editor}: there is no case to edit. Pass at least one, such as [cases[0]].`);
}
