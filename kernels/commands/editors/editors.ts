import { EDITOR_IDS, type EditorId, editors } from "../../editors/index.ts";
import type { Editor } from "../../editors/editor.ts";
import { protocolsOf } from "../../evaluation/protocols/index.ts";
import { requireKnown } from "../../nearest-name.ts";
import type { Command } from "../command.ts";
import { COMMON, CommandLineError, readCommandLine } from "../options.ts";
import { terminalWidth } from "../terminal-width.ts";
import { wrapWords } from "../wrap-words.ts";

const options = { json: { help: "print JSON", flag: true }, ...COMMON } as const;

/** `medke editors`: all of them in a few lines each, or one with its options. */
export const editorsCommand: Command = {
  usage: "medke editors [NAME] [--json]",
  summary:
    "Lists the knowledge editors, each with what it needs of a model. With a name: that one, its protocols, and its options with their defaults.",
  options,
  async run(args, { out }) {
    const { options: given, positionals } = readCommandLine(args, options);
    if (positionals.length > 1)
      throw new CommandLineError(
        `editors takes one name, not ${positionals.length}. Write for example: medke editors ${positionals[0]}.`,
      );
    if (!positionals.length) return out(given.json ? json(EDITOR_IDS.map(entryOf)) : listed());
    const id = requireKnown("editor", positionals[0], EDITOR_IDS);
    const { optionMeanings } = await import("./option-meanings.ts");
    const meanings = optionMeanings().get(id)!;
    out(given.json ? json({ ...entryOf(id), meanings: Object.fromEntries(meanings) }) : described(id, meanings));
  },
};

const json = (value: unknown) => JSON.stringify(value, null, 2);

const every = protocolsOf(["batch", "sequence"]);

function entryOf(id: EditorId) {
  const { summary, needs, takes = [], options }: Editor = editors[id]();
  return { id, summary, needs: `${needs.join(" and ")}: ${summary}`, takes, protocols: protocolsOf(takes), options };
}

function listed(): string {
  const [width, column] = [terminalWidth(), Math.max(...EDITOR_IDS.map((id) => id.length)) + 2];
  const entries = EDITOR_IDS.map((id) => {
    const { summary, needs, takes = [] }: Editor = editors[id]();
    const facts = [summary, `needs ${needs.join(", ")}; protocols: ${protocolWords(protocolsOf(takes))}`];
    return (
      id.padEnd(column) + facts.map((fact) => wrapWords(fact, width - column, column)).join(`\n${" ".repeat(column)}`)
    );
  });
  const foot = [
    `All protocols: ${every.join(", ")}.`,
    "medke editors NAME shows the options of one, with their defaults.",
  ];
  return [...entries, "", ...foot.map((line) => wrapWords(line, width))].join("\n");
}

/** The names of protocols, without the numbers and variants that their spellings hold; which families are left out where they are few. */
function protocolWords(own: readonly string[]): string {
  const missing = every.filter((usage) => !own.includes(usage));
  if (!missing.length) return "all";
  return missing.length < own.length ? `all but ${missing.join(", ")}` : own.join(", ");
}

function described(id: EditorId, meanings: ReadonlyMap<string, string>): string {
  const { summary, needs, takes = [], options }: Editor = editors[id]();
  const width = terminalWidth();
  const facts = [`needs: ${needs.join(", ")}`, `protocols: ${protocolsOf(takes).join(", ")}`];
  const names = [...new Set([...Object.keys(options), ...meanings.keys()])];
  const lines = names.flatMap((name) => {
    const meaning = meanings.get(name);
    const head = `  ${wrapWords(`${name} = ${valueWords(options[name])}`, width - 6, 6)}`;
    return meaning ? [head, `      ${wrapWords(meaning, width - 6, 6)}`] : [head];
  });
  return [
    wrapWords(`${id}: ${summary}`, width),
    "",
    ...facts.map((fact) => wrapWords(fact, width - 2, 2)),
    "",
    ...(names.length ? ["options, each with its default:", ...lines] : ["It has no options."]),
  ].join("\n");
}

/** A default as one would type it. */
const valueWords = (value: unknown): string => {
  if (value === undefined) return "(chosen by the editor)";
  if (Array.isArray(value)) return value.join(",") || "none";
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value).filter(([, each]) => each !== undefined);
  return parts.map(([name, each]) => `${name}=${valueWords(each)}`).join(", ") || "none";
};
