import { UserFacingError } from "../../errors.ts";

/** Cause: a judge's endpoint refuses, fails, stalls or answers something else than a chat completion. Handled by: the user; finished judgements are in the cache. */
export class JudgeEndpointError extends UserFacingError {}

/** Cause: settings of a judge that cannot be used. Handled by: the user, who corrects them. */
export class JudgeSettingsError extends UserFacingError {}
