import { UserFacingError } from "../errors.ts";
import { requireKnown } from "../nearest-name.ts";

/** Cause: an option has a value of the wrong kind. Handled by: the caller. */
export class OptionError extends UserFacingError {}

/**
 * Fills in defaults, refuses unknown options with the nearest name, and refuses values of another type than the default's.
 *
 * Throws: UnknownNameError, OptionError. A typo that silently keeps a default ruins a week of runs.
 */
export function readOptions<T extends object>(editor: string, defaults: T, given: Partial<T>): T {
  const known = Object.keys(defaults);
  for (const [name, value] of Object.entries(given)) {
    requireKnown(`${editor} option`, name, known);
    const usual = (defaults as Record<string, unknown>)[name];
    const wrong = typeof usual === "number" && (typeof value !== "number" || !Number.isFinite(value) || value < 0);
    if (wrong)
      throw new OptionError(
        `${editor} option "${name}": ${JSON.stringify(value)} is not a number of at least 0. The default is ${usual}.`,
      );
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaults, ...set };
}
