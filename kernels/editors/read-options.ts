import { UserFacingError } from "../errors.ts";
import { requireKnown } from "../nearest-name.ts";

/** Cause: an option has a value of the wrong kind. Handled by: the caller. */
export class OptionError extends UserFacingError {}

/**
 * Fills in defaults, refuses unknown options with the nearest name, and refuses values of another type than the default's. Options
 * named in `counts` must be whole numbers.
 *
 * Throws: UnknownNameError, OptionError. A typo that silently keeps a default ruins a week of runs.
 */
export function readOptions<T extends object>(
  editor: string,
  defaults: T,
  given: Partial<T>,
  counts: readonly (keyof T & string)[] = [],
): T {
  const known = Object.keys(defaults);
  for (const [name, value] of Object.entries(given)) {
    requireKnown(`${editor} option`, name, known);
    if (value === undefined) continue;
    const usual = (defaults as Record<string, unknown>)[name];
    const fraction = (counts as readonly string[]).includes(name) && !Number.isInteger(value);
    if (fraction)
      throw new OptionError(
        `${editor} option "${name}": ${JSON.stringify(value)} is not a whole number. The default is ${usual}.`,
      );
    const wrong = typeof usual === "number" && (typeof value !== "number" || !Number.isFinite(value) || value < 0);
    if (wrong)
      throw new OptionError(
        `${editor} option "${name}": ${JSON.stringify(value)} is not a number of at least 0. The default is ${usual}.`,
      );
    if (usual !== undefined && kindOf(value) !== kindOf(usual))
      throw new OptionError(
        `${editor} option "${name}": ${JSON.stringify(value)} is not ${KINDS[kindOf(usual)]}. The default is ${JSON.stringify(usual)}.`,
      );
  }
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaults, ...set };
}

const KINDS: Readonly<Record<string, string>> = {
  string: "a text",
  boolean: "true or false",
  list: "a list",
  object: "a set of options",
};
const kindOf = (value: unknown) => (Array.isArray(value) ? "list" : typeof value);
