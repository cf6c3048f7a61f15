import type { Editor } from "../../editors/editor.ts";
import { EDITOR_IDS, editors } from "../../editors/index.ts";
import { requireKnown } from "../../nearest-name.ts";
import { CommandLineError } from "../options.ts";

export const SET_OPTION = {
  set: {
    help: "NAME=VALUE,...: options of the editor; `medke editors EDITOR` lists them; of an inner editor innerOptions.NAME=VALUE",
    repeats: true,
  },
} as const;

/** One NAME=VALUE, with the parts of a dotted name. */
interface Setting {
  path: readonly string[];
  text: string;
}

/**
 * Makes an editor by name with the options of `--set`. A value is read as the kind that the option's default has; lists have commas
 * between their parts, and an option without a default takes text.
 *
 * Throws: UnknownNameError for the editor and for its options; CommandLineError for a value of another kind; OptionError for one out of range.
 */
export function editorWith(name: string, set: string | undefined): Editor {
  const make = editors[requireKnown("editor", name, EDITOR_IDS)] as (options?: object) => Editor;
  const settings = readSettings(set);
  const options: Record<string, unknown> = {};
  // What an inner editor takes depends on which one it is, and that is a plain option.
  for (const nested of [false, true]) {
    const { id, options: known } = make(options);
    for (const each of settings.filter(({ path }) => path.length > 1 === nested)) put(options, each, id, known);
  }
  return make(options);
}

/** Commas stand between settings where a name and "=" follow, and else inside a list. */
function readSettings(set = ""): Setting[] {
  const settings = set
    .split(/,(?=[A-Za-z][\w.]*=)/)
    .filter(Boolean)
    .map((setting) => {
      const [, name, text] = /^([A-Za-z][\w.]*)=(.*)$/s.exec(setting) ?? [];
      if (!name)
        throw new CommandLineError(`--set "${setting}" is not NAME=VALUE. Write for example --set steps=10,lr=0.01.`);
      return { path: name.split("."), text };
    });
  const names = settings.map(({ path }) => path.join("."));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice) throw new CommandLineError(`--set ${twice}=... is given twice. Keep one of its values.`);
  return settings;
}

function put(into: Record<string, unknown>, { path, text }: Setting, editor: string, known: object): void {
  const [name, ...below] = path;
  requireKnown(`${editor} option`, name, Object.keys(known));
  const usual = (known as Record<string, unknown>)[name];
  if (!below.length) {
    into[name] = valueLike(name, usual, text, `--set ${name}=${text}: ${editor} option "${name}"`);
    return;
  }
  if (!isRecord(usual))
    throw new CommandLineError(`--set ${path.join(".")}: ${editor} option "${name}" has no options of its own.`);
  const inner = (into[name] ??= {}) as Record<string, unknown>;
  put(inner, { path: below, text }, `${editor} ${name}`, usual);
}

/** Reads a text as the kind of value that an option usually has. */
function valueLike(name: string, usual: unknown, text: string, what: string): unknown {
  if (typeof usual === "number") {
    const number = Number(text);
    if (text.trim() !== "" && Number.isFinite(number)) return number;
    throw new CommandLineError(`${what} is a number. The default is ${usual}.`);
  }
  if (typeof usual === "boolean") {
    if (text === "true" || text === "false") return text === "true";
    throw new CommandLineError(`${what} is true or false. The default is ${usual}.`);
  }
  if (Array.isArray(usual)) return text === "" ? [] : text.split(",").map((part) => part.trim());
  if (isRecord(usual))
    throw new CommandLineError(
      `${what} is a set of options. Set them one by one, such as --set ${name}.${Object.keys(usual)[0] ?? "steps"}=...`,
    );
  return text;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
