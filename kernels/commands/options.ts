import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { shownPath } from "../../datasets/shown-path.ts";
import { UserFacingError } from "../errors.ts";
import { requireKnown } from "../nearest-name.ts";

/** Cause: a command was called with a missing or malformed option. Handled by: the user, who corrects the command line. */
export class CommandLineError extends UserFacingError {}

/** One option of a command: what it is, and what it is when left out. */
export interface OptionSpec {
  help: string;
  default?: string;
  /** It takes no value. */
  flag?: true;
  /** It may be given several times, which is the same as its values once with commas between. Others are refused the second time. */
  repeats?: true;
}

export type OptionSpecs = Record<string, OptionSpec>;
export type Options<S extends OptionSpecs> = {
  [K in keyof S]: S[K] extends { flag: true } ? boolean : string | undefined;
};

/** Options of every command. */
export const COMMON = {
  verbose: { help: "show the stack of an error", flag: true },
  help: { help: "show this help", flag: true },
} as const satisfies OptionSpecs;

/**
 * Reads a command's options and positional arguments.
 *
 * Throws: UnknownNameError with the nearest option; CommandLineError for a missing value, and for a second one where one counts.
 */
export function readCommandLine<S extends OptionSpecs>(
  args: string[],
  specs: S,
): { options: Options<S>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [
      name,
      { type: spec.flag ? "boolean" : "string", multiple: !spec.flag } as const,
    ]),
  );
  const { values, positionals, tokens } = parseArgs({
    args,
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    requireKnown(
      "option",
      `--${token.name}`,
      Object.keys(specs).map((name) => `--${name}`),
    );
    const { flag } = specs[token.name];
    if (!flag && (token.value === undefined || (token.value.startsWith("--") && !token.inlineValue)))
      throw new CommandLineError(`--${token.name}: a value is missing. Write --${token.name} VALUE.`);
  }
  const filled = Object.entries(specs).map(([name, spec]) => {
    if (spec.flag) return [name, values[name] ?? false];
    const given = (values[name] ?? []) as string[];
    if (given.length > 1 && !spec.repeats)
      throw new CommandLineError(
        `--${name} is given ${given.length} times (${given.join(", ")}), and one value counts. Keep one; for several, run the command once for each.`,
      );
    return [name, given.length ? given.join(",") : spec.default];
  });
  return { options: Object.fromEntries(filled) as Options<S>, positionals };
}

/** Throws: CommandLineError for words that no option takes; most often an option name was forgotten before them. */
export function refusePositionals(command: string, positionals: readonly string[]): void {
  if (positionals.length)
    throw new CommandLineError(
      `${command}: "${positionals[0]}" belongs to no option. Write --NAME before it; medke ${command} --help lists the options.`,
    );
}

/** Throws: CommandLineError that names every option of `examples` that was left out, each with its example. */
export function requireOptions<K extends string>(
  given: { [name in K]: string | undefined },
  examples: Record<K, string>,
): Record<K, string> {
  const missing = (Object.keys(examples) as K[]).filter((name) => !given[name]);
  if (missing.length === 0) return given as Record<K, string>;
  const names = missing.map((name) => `--${name}`).join(", ");
  const added = missing.map((name) => `--${name} ${examples[name]}`).join(" ");
  throw new CommandLineError(`${names} ${missing.length > 1 ? "are" : "is"} missing. Add for example ${added}.`);
}

/** Refuses a folder that is not there before anything is loaded. `what` is what it should hold. Throws: CommandLineError. */
export function requireFolder(name: string, folder: string, what: string): void {
  if (!existsSync(folder))
    throw new CommandLineError(
      `--${name} ${shownPath(folder)}: there is no such folder. Pass the one that holds ${what}.`,
    );
}

/** A whole number of at least `least`. Throws: CommandLineError. */
export function wholeNumber(name: string, value: string | undefined, least: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && value !== "") return number;
  throw new CommandLineError(
    `--${name} "${value}" is not a whole number of at least ${least}. Write for example --${name} ${least}.`,
  );
}

/** Help text of a command. */
export function helpOf(usage: string, summary: string, specs: OptionSpecs): string {
  const width = Math.max(...Object.keys(specs).map((name) => name.length)) + 4;
  const lines = Object.entries(specs).map(
    ([name, { help, default: preset }]) =>
      `  ${`--${name}`.padEnd(width)}${help}${preset ? ` (default ${preset})` : ""}`,
  );
  return [`Usage: ${usage}`, "", summary, "", ...lines].join("\n");
}
